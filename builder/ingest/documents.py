"""From one raw document to a document, or to a reject with its reason."""

from collections.abc import Iterable

from builder.config import IngestConfig
from builder.ids import sha256
from builder.ingest.dates import find_date
from builder.ingest.draft import Draft, Facts, Unusable
from builder.ingest.language import given_language, language_of
from builder.ingest.pages import read_page
from builder.ingest.repair import decode, mend, unify_breaks
from builder.ingest.text import read_article, read_dump
from builder.records import Document, RawDocument, Reject, RejectReason, Span, Zone

STAGE = "documents"
MOST_LINES = 100_000  # of a text: a page has some hundreds


def parse(raw: RawDocument, config: IngestConfig) -> Document | Reject:
    """The document that `raw` holds: its text, the zones of it, and what is known about it.

    Depends on its arguments alone. What the source says about the article (title, day, author, …)
    is believed before what the text says.
    """
    try:
        text = _text(raw)
        draft = _read(text, raw)
        body = draft.paragraphs()
        if not any(character.isalpha() for paragraph in body for character in paragraph):
            raise Unusable(RejectReason.NO_BODY, f"no article found by {draft.extractor}")
        language = given_language(raw.language) or language_of(body)
        if config.languages and language not in config.languages:
            raise Unusable(RejectReason.LANGUAGE, f"{language} is none of {', '.join(config.languages)}")
    except Unusable as error:
        return Reject(STAGE, raw.uri, error.reason, error.detail)
    return _document(raw, draft, language)


def _text(raw: RawDocument) -> str:
    text = decode(raw.data, raw.charset, raw.format == "html") if raw.data.strip() else ""
    if text is None:
        raise Unusable(RejectReason.BAD_ENCODING, f"text in no known encoding (declared: {raw.charset})")
    if not text.strip():
        raise Unusable(RejectReason.EMPTY, "nothing but blanks")
    return text


def _read(text: str, raw: RawDocument) -> Draft:
    if raw.format == "html":
        return read_page(text, _given(raw.url))
    text = mend(text, unescape=raw.format == "dump")
    if raw.format == "article":
        _check_lines(text)
        return read_article(text)
    text = unify_breaks(text)
    _check_lines(text)
    return read_dump(text, _given(raw.title))


def _check_lines(text: str) -> None:
    lines = text.count("\n") + 1
    if lines > MOST_LINES:
        raise Unusable(RejectReason.TOO_COMPLEX, f"{lines} lines, more than {MOST_LINES}")


def _given(value: str | None) -> str | None:
    """What a source says, in one line and without mojibake; None where it says nothing."""
    return " ".join(mend(value).split()) or None if value else None


def _document(raw: RawDocument, draft: Draft, language: str | None) -> Document:
    found: Facts = draft.facts
    published = _given(raw.published)
    return Document(
        id=raw.id,
        text=draft.text,
        uri=raw.uri,
        url=found.url or _given(raw.url),
        title=_given(raw.title) or found.title,
        published=(find_date(published) if published else None) or found.published,
        site=_given(raw.site) or found.site,
        author=_given(raw.author) or found.author,
        agency=_given(raw.agency) or found.agency,
        language=language,
        raw_sha256=raw.sha256,
        extractor=draft.extractor,
        zones=draft.zones,
    )


def as_given(id_: str, text: str, body: Iterable[Span] | None = None) -> Document:
    """A document of a text that is not to be cleaned; it is all body, if no spans of it are given."""
    spans = [Span(0, len(text))] if body is None and text else body or ()
    return Document(
        id=id_,
        text=text,
        uri=id_,
        url=None,
        title=None,
        published=None,
        site=None,
        author=None,
        agency=None,
        language=None,
        raw_sha256=sha256(text.encode("utf-8", "surrogatepass")),
        extractor="as given",
        zones=tuple(Zone(span.start, span.end, "body") for span in spans),
    )
