"""Reading web archives: the HTML pages among the responses of a WARC file."""

import zlib
from collections.abc import Callable, Iterator
from functools import partial

from builder.ids import document_id, sha256
from builder.ingest.archive import BadResponse, Damaged, Response, responses, unbrotlied, unchunked
from builder.ingest.compression import chunks, expanded
from builder.ingest.limits import Refused, collected, too_large
from builder.ingest.rows import is_readable
from builder.ingest.sniff import looks_like_html
from builder.ingest.source import STAGE, Source
from builder.records import RawDocument, Reject, RejectReason

HTML_TYPES = ("text/html", "application/xhtml+xml")
MOST_REPAIRS = 20  # each one reads the file from its start again


def read_warc(source: Source, limit: int) -> Iterator[RawDocument | Reject]:
    """The pages of an archive; where records are damaged, reading goes on at the next whole one.

    Requests, metadata and the like hold no page and are passed over; a response that is no page
    is rejected by name.

    Raises:
        Refused: the file, or the rest of it, cannot be read.
    """
    opened = partial(chunks, source.file, source.compression)
    start = 0
    for _ in range(MOST_REPAIRS):
        try:
            for response in responses(opened, start, limit):
                yield _document(response, source, limit)
        except Damaged as damaged:
            yield Reject(STAGE, f"{source.uri}#byte {damaged.place}", damaged.reason, damaged.detail)
            start = damaged.place + 1
        else:
            return
    raise Refused(
        RejectReason.CORRUPT, f"damaged in {MOST_REPAIRS} places; what follows byte {start} is not read"
    )


def _document(response: Response | BadResponse, source: Source, limit: int) -> RawDocument | Reject:
    url = response.url
    uri = f"{source.uri}#{url if url and is_readable(url) else f'byte {response.place}'}"
    try:
        if isinstance(response, BadResponse):
            raise response.refused
        _check_is_page(response)
        page = _decoded(response, limit)
    except Refused as refused:
        return Reject(STAGE, uri, refused.reason, refused.detail)
    digest = sha256(page)
    return RawDocument(
        document_id(digest, url), uri, source.content, page, digest, charset=response.charset, url=url
    )


def _check_is_page(response: Response) -> None:
    if not 200 <= response.status < 300:
        raise Refused(RejectReason.NOT_HTML, f"a response of status {response.status}")
    if response.type not in HTML_TYPES and (response.type or not looks_like_html(response.payload)):
        detail = f"its type is {response.type[:100]!r}" if response.type else "it has no type"
        raise Refused(RejectReason.NOT_HTML, detail)


def _decoded(response: Response, limit: int) -> bytes:
    """The page without the codings that its headers name, the last one first."""
    page = response.payload
    for coding in reversed(response.codings):
        # Many crawlers undo a coding and keep its header.
        if looks_like_html(page):
            break
        page = _without(coding, page, limit)
    if len(page) > limit:
        raise too_large(limit)
    if not page.strip():
        raise Refused(RejectReason.EMPTY, "a response without content")
    return page


def _without(coding: str, data: bytes, limit: int) -> bytes:
    decoders: dict[str, Callable[[bytes, int], bytes]] = {
        "chunked": unchunked,
        "br": unbrotlied,
        "deflate": _inflated,
        "gzip": _ungzipped,
        "x-gzip": _ungzipped,
        "zstd": _unzstded,
    }
    if coding not in decoders:
        raise Refused(RejectReason.UNKNOWN_FORMAT, f"no decoder for the coding {coding[:100]!r}")
    try:
        return decoders[coding](data, limit + 1)
    except (OSError, zlib.error) as error:
        detail = " ".join(str(error).split())[:200]
        raise Refused(RejectReason.CORRUPT, f"not {coding} data, or damaged: {detail}") from error


def _ungzipped(data: bytes, most: int) -> bytes:
    return collected(expanded([data], "gzip", stretch=most), most)


def _unzstded(data: bytes, most: int) -> bytes:
    return collected(expanded([data], "zstd", stretch=most), most)


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        # Some servers leave out the zlib wrapper that the standard asks for.
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(data, most)
