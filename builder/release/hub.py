"""Datasets on the Hub: the one module that knows `huggingface_hub`.

The token comes from where that library takes it (`HF_TOKEN`, or what `hf auth login` kept) and the
address from `HF_ENDPOINT`; no message of an error holds a token.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import get_token, snapshot_download
from huggingface_hub.errors import HfHubHTTPError

from builder.errors import ReleaseError

TYPE = "dataset"
NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
PASSING = (408, 409, 412, 425, 429)  # what a server answers that may do otherwise soon; and 500 and more


class HubError(ReleaseError):
    """The Hub refused a request or could not be reached.

    `passing` says that the same request may succeed later.
    """

    def __init__(self, message: str, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


def is_name(text: str) -> bool:
    """Whether a text has the form of a repository's name, `user/name`."""
    return NAME.fullmatch(text) is not None


def fetch(name: str, revision: str | None) -> Path:
    """The local copy of a revision of a dataset, by default the newest; fetched unless it is there.

    Raises:
        HubError: there is no such dataset or revision, or it cannot be reached.
    """
    with _told(f"{name}@{revision or 'main'}"):
        return Path(snapshot_download(name, repo_type=TYPE, revision=revision))


@contextmanager
def _told(what: str, token: str | None = None) -> Iterator[None]:
    """Whatever goes wrong inside is told as one line that begins with `what` and holds no token."""
    try:
        yield
    except Exception as error:  # the library raises errors of any kind, and so do those it rests on
        status = error.response.status_code if isinstance(error, HfHubHTTPError) else None
        told = " ".join(str(error).split()) or type(error).__name__
        for secret in {token, get_token()} - {None, ""}:
            told = told.replace(str(secret), "TOKEN")
        passing = status is None or status in PASSING or status >= 500
        raise HubError(f"{what}: {told[:500]}", passing) from error
