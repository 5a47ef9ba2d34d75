"""A stage as small as can be, and one that is deadly, for the tests of the engine."""

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from builder.engine.stage import Input, Output, Stage, Work
from builder.engine.workspace import Workspace
from builder.records import Reject, RejectReason


@dataclass(frozen=True, slots=True)
class Word:
    """A word."""

    text: str


DEADLY = "deadly"


def workspace_of(root: Path, shards: Mapping[str, Sequence[str]]) -> Workspace:
    """A workspace whose folder `words` holds the given shards."""
    workspace = Workspace(root)
    for name, words in shards.items():
        workspace.write("words", name, Word, [Word(word) for word in words], [], {}, {})
    return workspace


def shouting(deaths: Path | None = None, times: int = 1, version: str = "1") -> Stage:
    """A stage that shouts its words and rejects the empty ones.

    With a folder of `deaths`, the word DEADLY kills its worker as often as `times` says.
    """
    return Stage(
        name="shouted",
        inputs=(Input("words", Word),),
        record=Word,
        fingerprint=(("code", version),),
        start=partial(_start, deaths, times),
    )


def _start(deaths: Path | None, times: int) -> Work:
    return partial(_shout, deaths, times)


def _shout(deaths: Path | None, times: int, words: Sequence[Word]) -> Output:
    if deaths is not None and Word(DEADLY) in words:
        died = len(list(deaths.iterdir()))
        if died < times:
            (deaths / str(died)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    rejects = [Reject("shouted", "", RejectReason.EMPTY, "no word") for word in words if not word.text]
    return [Word(word.text.upper()) for word in words if word.text], rejects
