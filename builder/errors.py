"""Every error that quotestance raises on purpose.

QuotestanceError            anything this program reports in one line instead of a traceback
├── UsageError              the call or the configuration is wrong                (exit code 2)
│   └── ConfigError         a configuration file: names the file, the key and the reason
└── RunError                the run could not go on                               (exit code 3)
    ├── WorkspaceError      the workspace is locked, damaged or not one
    ├── WorkerDied          worker processes died twice on the same shards
    ├── ModelError          a model file is missing, damaged or does not fit
    └── ReleaseError        a release would be wrong: leaking splits, an existing version

A bad input is no error: it becomes a `Reject` with a named reason (see `builder.records`).
"""

from collections.abc import Sequence
from pathlib import Path


class QuotestanceError(Exception):
    """Anything this program reports in one line instead of a traceback."""

    exit_code = 3


class UsageError(QuotestanceError):
    """The call or the configuration is wrong; nothing was started."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file cannot be used as it is."""

    def __init__(self, path: Path | str, key: str, reason: str) -> None:
        super().__init__(f"{path}: {key}: {reason}" if key else f"{path}: {reason}")
        self.path, self.key, self.reason = Path(path), key, reason


class RunError(QuotestanceError):
    """The run could not go on; what it finished is kept and a rerun resumes there."""


class WorkspaceError(RunError):
    """The workspace is locked by another run, damaged, or not a workspace."""


class WorkerDied(RunError):  # noqa: N818 - named for what happened
    """Worker processes died on some shards, and died again when these were tried alone."""

    def __init__(self, stage: str, shards: Sequence[str]) -> None:
        super().__init__(
            f"stage {stage}: a worker died on shard {', '.join(shards)}, and again when it was tried alone "
            "(out of memory or killed?); all others are finished, and a rerun starts there"
        )
        self.stage, self.shards = stage, tuple(shards)


class ModelError(RunError):
    """A model file is missing, damaged, or was made for another label scheme."""


class ReleaseError(RunError):
    """A release would break a promise, so it is not written."""
