from hypothesis import given
from hypothesis import strategies as st

from builder.ids import document_id, identity_id, quotation_id, sha256, stance_id
from builder.records import Span


def test_ids_never_change() -> None:
    # Computed once: a change of these breaks every published id.
    assert document_id(sha256(b"text"), None) == "d7fd3370812e1b22fd584"
    assert quotation_id("d1", [Span(0, 5), Span(9, 12)]) == "q859c4c3a192735eaa5e1"
    assert stance_id("q1", "nato") == "s2ba1e3131b1e79e95b0c"
    assert identity_id("name", "person ilse brandt", "") == "i862d6c29e35f23308dab"


@given(st.text(), st.text(), st.text(), st.text())
def test_no_two_pairs_of_parts_share_an_id(one: str, two: str, three: str, four: str) -> None:
    assert (stance_id(one, two) == stance_id(three, four)) == ((one, two) == (three, four))


def test_a_given_id_makes_another_document_of_the_same_bytes() -> None:
    assert len({document_id(sha256(b"text"), given) for given in (None, "a", "https://example.org/a")}) == 3
