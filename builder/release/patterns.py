"""Regular expressions that a user wrote: the one door of `regex`, which gives up where `re` would search
for years.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import regex

from builder.errors import UsageError

LONGEST = 5.0  # seconds of computing on one text; an expression that is no trap takes milliseconds


class Found(Protocol):
    """Where a pattern matches."""

    def span(self) -> tuple[int, int]:
        """Start and end."""


class Pattern(Protocol):
    """What `re.Pattern` offers, as far as it is used here."""

    def search(self, string: str, /) -> Found | None:
        """The first match in a text."""

    def finditer(self, string: str, /) -> Iterator[Found]:
        """All matches in a text."""


@dataclass(frozen=True, slots=True)
class GivenPattern:
    """A regular expression that a user wrote, and where: the file and the line.

    Its searches raise `UsageError` where they take longer than `LONGEST`.
    """

    expression: str
    where: str
    compiled: "regex.Pattern[str]"

    def search(self, string: str, /) -> Found | None:
        """The first match in a text."""
        try:
            found: Found | None = self.compiled.search(string, timeout=LONGEST)
        except TimeoutError:
            raise self._too_slow(string) from None
        return found

    def finditer(self, string: str, /) -> Iterator[Found]:
        """All matches in a text."""
        try:
            yield from self.compiled.finditer(string, timeout=LONGEST)
        except TimeoutError:
            raise self._too_slow(string) from None

    def _too_slow(self, text: str) -> UsageError:
        return UsageError(
            f"{self.where}: {self.expression!r} was searched for {LONGEST:g} seconds in a text of "
            f"{len(text):,} characters without an end; write it so that a text can match in one way only, "
            "such as no repetition within a repetition"
        )


def compiled(expression: str, where: str) -> GivenPattern:
    """A user's regular expression, ready to be searched for.

    Raises:
        UsageError: it is none, or finds nothing in particular; names where it stands.
    """
    try:
        pattern = GivenPattern(expression, where, regex.compile(expression))
    except (regex.error, OverflowError, RecursionError) as error:
        raise UsageError(f"{where}: {expression!r} is no regular expression: {error}") from error
    if pattern.search("") is not None:
        raise UsageError(f"{where}: {expression!r} finds nothing in particular: it matches an empty text")
    return pattern
