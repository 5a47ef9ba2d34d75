"""Settings and fixtures of all tests."""

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

from builder.records import Document, Zone

# Read when the Hub's library is loaded: in this process large files go to a hub itself, and nothing is told.
os.environ |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

# How fast a test runs says nothing on a machine that does other things as well. Examples are drawn anew in
# every run, so few of them suffice; `--hypothesis-profile thorough` draws many.
settings.register_profile("quotestance", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("quotestance")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: gzip writes the time into them, and each worker would collect other names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def article() -> Callable[..., Document]:
    """A document of one text, of which the named part is body (all of it if none is named)."""

    def make(text: str, body: str | None = None, author: str | None = None) -> Document:
        start = text.index(body) if body else 0
        end = start + len(body or text)
        zones = (Zone(start, end, "body"),) if end > start else ()
        return Document("d1", text, "a.txt", None, None, None, None, author, None, "en", "", "test", zones)

    return make
