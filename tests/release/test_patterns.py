"""A regular expression that somebody gave is searched for, but not for ever."""

import pickle
import re

import pytest

from builder.errors import UsageError
from builder.release import patterns
from builder.release.patterns import compiled

# "a" and "aa" make up a run of forty in some hundred million ways; each is tried before the "!" is found.
TRAP, CAUGHT = "(a|aa)+$", "a" * 40 + "!"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("Ex(a|e)mple", "An Example, an Exemple"),
        (r"\b[A-Z]{2,3}\b", "The EU and the USA"),
        (r"(?i)brandt(?!s)", "BRANDT and Brandts and brandt"),
        (r"(?m)^b$", "a\n\nb"),
    ],
)
def test_it_finds_what_it_finds_elsewhere(expression: str, text: str) -> None:
    given, expected = compiled(expression, "r.jsonl:1"), re.compile(expression)
    assert [one.span() for one in given.finditer(text)] == [one.span() for one in expected.finditer(text)]
    assert (given.search(text) is None) == (expected.search(text) is None)


@pytest.mark.parametrize("way", ["search", "finditer"])
def test_a_trap_ends_in_an_error_that_names_its_line(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "LONGEST", 0.05)
    pattern = compiled(TRAP, "removals.jsonl:3")
    with pytest.raises(UsageError, match=r"removals.jsonl:3: '\(a\|aa\)\+\$' .* a text of 41 characters"):
        list(getattr(pattern, way)(CAUGHT) or ())


def test_it_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(compiled("b+", "r.jsonl:1")))  # noqa: S301 - our own bytes
    assert [one.span() for one in sent.finditer("abba")] == [(1, 3)]
    assert sent.where == "r.jsonl:1"
