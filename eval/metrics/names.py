"""Whether two names mean the same person, as far as a document's other names allow."""

import re
from collections.abc import Iterable

from builder.speakers.accents import without_accents

_NO_PART_OF_A_NAME = frozenset("the mr mrs ms dr sen rep gov gen".split())
_SUFFIXES = frozenset("jr sr ii iii".split())
_GENITIVE = re.compile(r"'s\b")
_WORD = re.compile(r"[^\W_]+")


def name_words(name: str) -> list[str]:
    """The words of a name that tell people apart: no case, accents, titles, articles or genitive."""
    plain = without_accents(name).casefold().replace("’", "'")
    words = _WORD.findall(_GENITIVE.sub("", plain))
    return [word for word in words if word not in _NO_PART_OF_A_NAME]


def same_person(predicted: str, gold: str, others: Iterable[str]) -> bool:
    """Whether the predicted name is that of the gold speaker.

    It is if both end in the same surname and the prediction is at least as full and begins alike, or is a
    shorter form that no other speaker of the document (`others`) shares the surname with. A
    surname is all that can be asked for where the article never gives more.
    """
    ours, theirs = _without_suffix(predicted), _without_suffix(gold)
    if not ours or not theirs or ours[-1] != theirs[-1]:
        return False
    if len(theirs) == 1 < len(ours):
        return True
    if set(theirs) <= set(ours) or (len(ours) > 1 and ours[0] == theirs[0]):
        return ours[0] == theirs[0]
    if not set(ours) <= set(theirs):
        return False
    namesakes = (words for words in map(_without_suffix, others) if words[-1:] == theirs[-1:])
    return all(words == theirs for words in namesakes)


def _without_suffix(name: str) -> list[str]:
    words = name_words(name)
    return [word for word in words if word not in _SUFFIXES] or words
