"""When two people's answers to one field are the same answer.

Stances are the same if the label is, and "cannot tell" is an answer like others. Speakers are the same
if the names have the same words, in whatever letters and punctuation, and the kinds are equal: "Quill" and
"Ada Quill" are two answers, because a release publishes one of them. Boundaries are the same if every
span is: where a quotation begins and ends is what is asked. What was missed in an article is the same in
whatever order it was marked.
"""

import json

from builder.review.decisions import value_of
from builder.review.words import words_of

MISSED = "missed"  # the quotations that the machine missed in a whole article


def same_answer(field: str, after: str | None) -> str:
    """A text that is equal for the same answers to a field; `after` is JSON, as in `Decision`."""
    value = value_of(after)
    if field == "speaker" and value is not None:
        value = _words_and_kind(value)
    if field == MISSED and value is not None:
        marks = [one | {"speaker": _words_and_kind(one["speaker"])} for one in value]
        value = sorted(marks, key=lambda one: json.dumps(one, sort_keys=True))
    return json.dumps(value, sort_keys=True)


def _words_and_kind(speaker: dict[str, str]) -> list[str]:
    return [*words_of(speaker["name"]), speaker["kind"]]
