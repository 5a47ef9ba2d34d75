"""When two people's answers to one field are the same answer.

Stances are the same if the label is, and "cannot tell" is an answer like others. Speakers are the same
if the names have the same words, in whatever letters and punctuation, and the kinds are equal: "Quill" and
"Ada Quill" are two answers, because a release publishes one of them. Boundaries are the same if every
span is: where a quotation begins and ends is what is asked.
"""

import json

from builder.review.decisions import value_of
from builder.review.words import words_of


def same_answer(field: str, after: str | None) -> str:
    """A text that is equal for the same answers to a field; `after` is JSON, as in `Decision`."""
    value = value_of(after)
    if field == "speaker" and value is not None:
        value = [*words_of(value["name"]), value["kind"]]
    return json.dumps(value, sort_keys=True)
