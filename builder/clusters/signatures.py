"""What is kept of each document for finding its near-duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder.clusters.minhash import bands_of, hashes_of
from builder.clusters.words import grams_of, words_of
from builder.ids import sha256
from builder.records import Document


@dataclass(frozen=True, slots=True)
class Signature:
    """A document's body in short.

    `words_sha256` is the hash of its words, None if it has none; `length` is in characters;
    `grams` is the number of distinct 5-grams; `bands` are MinHash bands (see
    `builder.clusters.minhash`).
    """

    document: str
    published: str | None
    length: int
    words_sha256: str | None
    grams: int
    bands: tuple[int, ...]


def signatures(documents: Sequence[Document]) -> list[Signature]:
    """The signature of each document, in order."""
    words = [words_of(document) for document in documents]
    grams = [grams_of(some) for some in words]
    return [
        Signature(
            document=document.id,
            published=document.published,
            length=sum(span.end - span.start for span in document.body()),
            words_sha256=sha256(" ".join(some).encode("utf-8", "surrogatepass")) if some else None,
            grams=len(distinct),
            bands=bands,
        )
        for document, some, distinct, bands in zip(
            documents, words, grams, bands_of(hashes_of(grams)), strict=True
        )
    ]
