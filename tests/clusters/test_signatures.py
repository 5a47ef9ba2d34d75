"""What is kept of a document for finding its near-duplicates."""

import pyarrow as pa

from builder.clusters.minhash import BANDS
from builder.clusters.signatures import Signature, signatures
from builder.ids import sha256
from builder.records import Document, Zone, from_table, to_table

BODY = "The river rose again overnight, and the bridge is shut."


def document(name: str, text: str, *zones: Zone, published: str | None = None) -> Document:
    return Document(
        id=name,
        text=text,
        uri=f"{name}.txt",
        url=None,
        title=None,
        published=published,
        site=None,
        author=None,
        agency=None,
        language="en",
        raw_sha256="",
        extractor="test",
        zones=zones,
    )


def test_a_signature_is_of_the_body_alone() -> None:
    bare = document("d1", BODY, Zone(0, len(BODY), "body"), published="2024-03-01")
    framed = document("d2", f"Menu\n{BODY}", Zone(0, 4, "boilerplate"), Zone(5, 5 + len(BODY), "body"))
    one, other = signatures([bare, framed])
    # 10 words, so 6 runs of five
    words = "the river rose again overnight and the bridge is shut"
    assert one == Signature("d1", "2024-03-01", len(BODY), sha256(words.encode()), 6, one.bands)
    assert len(one.bands) == BANDS
    assert other == Signature("d2", None, len(BODY), one.words_sha256, 6, one.bands)


def test_a_document_without_words_has_an_empty_signature() -> None:
    assert signatures([document("d1", "Menu", Zone(0, 4, "boilerplate"))]) == [
        Signature("d1", None, 0, None, 0, ())
    ]
    assert signatures([]) == []


def test_signatures_do_not_depend_on_the_documents_beside_them() -> None:
    documents = [document(f"d{n}", BODY * n, Zone(0, len(BODY) * n, "body")) for n in range(1, 5)]
    assert signatures(documents) == [one for some in documents for one in signatures([some])]


def test_signatures_survive_being_stored() -> None:
    found = signatures([document("d1", BODY, Zone(0, len(BODY), "body")), document("d2", "")])
    table = to_table(found, Signature)
    assert isinstance(table, pa.Table)
    assert from_table(table, Signature) == found
