from collections.abc import Callable

import pytest

from builder.quotes.assemble import Draft, assemble, kind_of
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.records import Document, Quotation, Span

TEXT = "“We go,” said Ada. “Now.”\n\nShe added that it was “late”.\n\n“Very late.”"


def span(part: str) -> Span:
    return Span(TEXT.index(part), TEXT.index(part) + len(part))


def assembled(document: Document, drafts: list[Draft]) -> list[Quotation]:
    lines = paragraphs(TEXT)
    return assemble(document, lines, pair_marks(TEXT, lines), drafts, "test-1")


def test_drafts_become_quotations_in_the_order_of_the_text(article: Callable[..., Document]) -> None:
    drafts = [
        Draft((span("“Very late.”"),), (), (span("She"),), 0.2, continues=1),
        Draft((span("that it was “late”"),), (span("added"),), (span("She"),), 0.123456),
        Draft((span("“Now.”"), span("“We go,”")), (span("said"),), (span("Ada"),), 0.9),
    ]
    first, second, third = assembled(article(TEXT), drafts)
    assert [one.of(TEXT) for one in first.content] == ["“We go,”", "“Now.”"]
    assert (first.kind, second.kind, third.kind) == ("direct", "mixed", "direct")
    assert (first.paragraph, second.paragraph, third.paragraph) == (0, 1, 2)
    assert (first.continues, second.continues, third.continues) == (None, None, second.id)
    assert second.confidence == 0.1235
    assert {one.extractor for one in (first, second, third)} == {"test-1"}


def test_the_id_depends_on_the_document_and_the_content_alone(article: Callable[..., Document]) -> None:
    one = assembled(article(TEXT), [Draft((span("“Now.”"),), (), (), 0.1)])
    other = assembled(article(TEXT), [Draft((span("“Now.”"),), (span("said"),), (span("Ada"),), 0.7)])
    assert one[0].id == other[0].id


def test_of_two_drafts_with_the_same_content_the_first_stays(article: Callable[..., Document]) -> None:
    drafts = [Draft((span("“Now.”"),), (), (), 0.9), Draft((span("“Now.”"),), (), (), 0.1)]
    assert [one.confidence for one in assembled(article(TEXT), drafts)] == [0.9]


def test_blanks_at_the_ends_are_cut_and_overlaps_merged(article: Callable[..., Document]) -> None:
    start = TEXT.index(" that it")
    drafts = [
        Draft((Span(start, start + 9), Span(start + 6, start + 13), Span(start, start + 1)), (), (), 0.5)
    ]
    (only,) = assembled(article(TEXT), drafts)
    assert [one.of(TEXT) for one in only.content] == ["that it was"]


def test_a_draft_without_content_is_dropped(article: Callable[..., Document]) -> None:
    drafts = [Draft((Span(3, 4),), (), (), 0.5), Draft((span("“Now.”"),), (), (), 0.5, continues=0)]
    (only,) = assembled(article(TEXT), drafts)
    assert only.continues is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“All of it.”", "direct"),
        (
            "“All,” of “it and so much more of it than anybody wanted to hear.”",
            "direct",
        ),  # of: 2 of 51 letters
        ("that “some” of it", "mixed"),
        ("none of it", "indirect"),
        ("none “", "indirect"),
    ],
)
def test_the_kind_is_by_the_share_of_letters_between_marks(text: str, kind: str) -> None:
    marked = [one.span for one in pair_marks(text) if one.level == 0]
    assert kind_of(text, [Span(0, len(text))], marked) == kind
