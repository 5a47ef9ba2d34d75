"""The random sample of quotations that people always decide on, however sure a model is; and the audit.

What is drawn is decided by a hash of the words, not of the quotation's id: copies of a wire story
are drawn together, whichever of them people are shown, and words that stand elsewhere after an article was
extracted anew stay what they were. The hash knows nothing of any model, so what people say about the
sample tells how often a confidence is right.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from builder.clusters.words import words_in
from builder.quotes.wording import wording
from builder.records import Quotation

RANDOM, AUDIT = "random", "audit"


@dataclass(frozen=True, slots=True)
class DocumentText:
    """Of a `Document`, what is needed to read its quotations."""

    id: str
    text: str


def place_in_sample(words: str) -> float:
    """The number in [0, 1) that a quotation's words draw: it is in a sample of a share above that number."""
    return place_of(" ".join(words_in(words)))


def place_of(words: str) -> float:
    """The same of words that are already written as they are compared, with a blank between them."""
    return draw(RANDOM, words)


def drawn(documents: Sequence[DocumentText], quotations: Sequence[Quotation], share: float) -> frozenset[str]:
    """The ids of those quotations that are in a sample of this share."""
    text_of = {one.id: one.text for one in documents}
    return frozenset(
        one.id for one in quotations if place_in_sample(wording(text_of[one.document], one.content)) < share
    )


def is_audited(quotation: str, share: float) -> bool:
    """Whether people look at what was accepted of a quotation, given by its id, all the same."""
    return draw(AUDIT, quotation) < share


def draw(purpose: str, key: str) -> float:
    """A number in [0, 1) that a key draws, the same each time: what was in a sample stays in it."""
    digest = hashlib.sha256(f"{purpose} {key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
