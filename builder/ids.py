"""Ids that are hashes of content, so that adding a document renumbers nothing.

The same input gives the same ids on every machine; a local path never enters one.
An id is a letter for its kind and 80 bits of SHA-256 in hexadecimal: among ten million ids
the chance of any collision is below one in ten billion.
"""

import hashlib
from collections.abc import Iterable

from builder.records import Span

ID_BITS = 80


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def document_id(raw_sha256: str, given: str | None) -> str:
    """The id of a document: of its raw bytes and of the id or URL it came with, if it came with one.

    A canonical URL found inside the page adds nothing: it is already a function of the bytes.
    """
    return _id("d", given or "", raw_sha256)


def cluster_id(smallest_member: str) -> str:
    """The id of a cluster: of the smallest id among its members."""
    return _id("c", smallest_member)


def quotation_id(document: str, content: Iterable[Span]) -> str:
    """The id of a quotation: of its document's id and of its content spans as first extracted."""
    return _id("q", document, *(f"{span.start}-{span.end}" for span in content))


def stance_id(quotation: str, target: str) -> str:
    """The id of a (quotation, target) pair."""
    return _id("s", quotation, target)


def identity_id(*parts: str) -> str:
    """The id of somebody across documents: of what tells them apart from all others."""
    return _id("i", *parts)


def _id(letter: str, *parts: str) -> str:
    # Each part is preceded by its length, so that no two different lists of parts give the same bytes.
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return letter + sha256(joined.encode("utf-8", "surrogatepass"))[: ID_BITS // 4]
