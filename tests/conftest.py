"""Settings and fixtures of all tests."""

from collections.abc import Callable

import pytest
from hypothesis import settings

from builder.records import Document, Zone

# How fast a test runs says nothing on a machine that does other things as well.
settings.register_profile("quotestance", deadline=None)
settings.load_profile("quotestance")


@pytest.fixture(scope="session")
def article() -> Callable[..., Document]:
    """A document of one text, of which the named part is body (all of it if none is named)."""

    def make(text: str, body: str | None = None, author: str | None = None) -> Document:
        start = text.index(body) if body else 0
        end = start + len(body or text)
        zones = (Zone(start, end, "body"),) if end > start else ()
        return Document("d1", text, "a.txt", None, None, None, None, author, None, "en", "", "test", zones)

    return make
