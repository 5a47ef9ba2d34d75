"""From findings to records: whatever finds quotations, its drafts become `Quotation`s here."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.ids import quotation_id
from builder.quotes.marks import MarkedText
from builder.quotes.paragraphs import Paragraph
from builder.records import Document, Quotation, QuotationKind, Span, rounded

# A quotation is direct if this share of its letters and digits stands between marks: an inserted
# "he said" that was missed must not make it mixed.
DIRECT_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Draft:
    """A quotation as it was found, before it has an id and a kind.

    `continues` is the position, in the list of drafts, of the one that this one carries on.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    confidence: float
    addressee: tuple[Span, ...] = ()
    continues: int | None = None


def assemble(
    document: Document,
    lines: Sequence[Paragraph],
    marked: Sequence[MarkedText],
    drafts: Sequence[Draft],
    extractor: str,
) -> list[Quotation]:
    """The quotations that `drafts` are, by their place in the text.

    A draft with nothing in its content is dropped, and what continued it continues nothing; of two
    with the same content the first stays.
    """
    outermost = [one.span for one in marked if one.level == 0]
    ids: dict[int, str] = {}
    found: dict[str, tuple[Quotation, int | None]] = {}
    for number, draft in enumerate(drafts):
        content = _tidied(document.text, draft.content)
        if not content:
            continue
        ids[number] = quotation_id(document.id, content)
        if ids[number] not in found:
            quotation = Quotation(
                id=ids[number],
                document=document.id,
                kind=kind_of(document.text, content, outermost),
                content=content,
                cue=_tidied(document.text, draft.cue),
                source=_tidied(document.text, draft.source),
                addressee=_tidied(document.text, draft.addressee),
                paragraph=_paragraph_of(content[0], lines),
                continues=None,
                confidence=rounded(draft.confidence),
                extractor=extractor,
            )
            found[quotation.id] = (quotation, draft.continues)
    linked = [
        _link(quotation, ids.get(before) if before is not None else None)
        for quotation, before in found.values()
    ]
    return sorted(linked, key=lambda one: (one.content[0], one.content, one.id))


def kind_of(text: str, content: Sequence[Span], marked: Sequence[Span]) -> QuotationKind:
    """Direct, mixed or indirect: by how much of the content's letters and digits stands between marks.

    `marked` are the outermost parts between marks, in order.
    """
    total = sum(letters(span.of(text)) for span in content)
    inside = 0
    for part in content:
        first = bisect_right(marked, part.start, key=lambda span: span.end)
        last = bisect_left(marked, part.end, key=lambda span: span.start)
        inside += sum(
            letters(text[max(span.start, part.start) : min(span.end, part.end)])
            for span in marked[first:last]
        )
    if inside == 0:
        return "indirect"
    return "direct" if inside >= DIRECT_SHARE * total else "mixed"


def _tidied(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, without blanks at their ends; overlapping ones are merged, blank ones dropped."""
    tidied: list[Span] = []
    for span in sorted(spans):
        start, end = span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        if tidied and start < tidied[-1].end:
            tidied[-1] = Span(tidied[-1].start, max(end, tidied[-1].end))
        else:
            tidied.append(Span(start, end))
    return tuple(tidied)


def _paragraph_of(span: Span, lines: Sequence[Paragraph]) -> int:
    after = bisect_right(lines, span.start, key=lambda line: line.start)
    return lines[max(after - 1, 0)].index


def _link(quotation: Quotation, before: str | None) -> Quotation:
    return replace(quotation, continues=before) if before not in {None, quotation.id} else quotation


def letters(part: str) -> int:
    """How many letters and digits a piece of text has: punctuation and blanks count for nothing."""
    return sum(map(str.isalnum, part))
