"""The HTTP responses in a web archive, as fastwarc reads them, with wrong lengths and cuts noticed."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastwarc.stream_io import BrotliReader, ChunkedReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from builder.ingest.limits import MEGABYTE, Refused, too_large
from builder.records import RejectReason

HEADERS = MEGABYTE  # room for a response's headers before its payload
LONGEST_HEADER = 65_536  # of a record; fastwarc's limit too
HEADER = re.compile(rb"WARC/1\..*?\n\r?\n", re.DOTALL)
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
RECORD_END = b"\r\n\r\n"
RECORD_START = re.compile(rb"WARC/1\.\d\r?\n[A-Za-z-]+:")
LONGEST_START = 64  # bytes that may be part of one


@dataclass(frozen=True, slots=True)
class Response:
    """A response of status `status`; `place` is the first byte of its record in the archive.

    `type` is in lower case, without parameters; `codings` are those of the payload, in the order
    in which they were applied.
    """

    place: int
    url: str | None
    status: int
    type: str
    charset: str | None
    codings: tuple[str, ...]
    payload: bytes


@dataclass(frozen=True, slots=True)
class BadResponse:
    """A response that could not be read, although the records after it can."""

    place: int
    url: str | None
    refused: Refused


class Damaged(Refused):
    """There is no whole record at `place`."""

    def __init__(self, place: int, detail: str) -> None:
        super().__init__(RejectReason.CORRUPT, f"no whole record is here: {detail}")
        self.place = place


def responses(
    opened: Callable[[], Iterator[bytes]], start: int, limit: int
) -> Iterator[Response | BadResponse]:
    """The responses from the first record that begins at byte `start` or later.

    `opened` gives the archive's pieces from its first byte on. Each response is held back until
    the record after it is found where it should be: with a wrong length, its payload would be the
    wrong bytes. Records of other types are passed over.

    Raises:
        Damaged: no record is where the next should be.
        Refused: whatever the pieces raise.
    """
    stream = _Stream(opened())
    place = stream.skip_to_record(start) if start else 0
    if place is None:
        return
    held: Response | BadResponse | None = None
    begun = False
    # No decoding here: fastwarc would expand a compressed payload without bound.
    records = ArchiveIterator(stream, parse_http=False, stream_detect=False)
    while True:
        try:
            record = next(records, None)
        except OSError as error:
            end = _end_of_whole_record(opened(), place) if begun else None
            if end and held:
                yield held
            raise Damaged(end or place, str(error)) from error
        if held:
            yield held
        if record is None:
            break
        begun = True
        place = record.stream_pos
        held = _response(record, place, limit)
    if stream.failure:
        raise stream.failure


def unchunked(data: bytes, most: int) -> bytes:
    """The first `most` bytes of data in HTTP's chunked coding; OSError if it is not that."""
    return bytes(ChunkedReader(io.BytesIO(data)).read(most))


def unbrotlied(data: bytes, most: int) -> bytes:
    """The first `most` bytes of data in Brotli coding; OSError if it is not that."""
    return bytes(BrotliReader(io.BytesIO(data)).read(most))


def _response(record: WarcRecord, place: int, limit: int) -> Response | BadResponse | None:
    """The response that a record holds, if it holds one."""
    if record.headers.get("Content-Length") is None:
        refused = Refused(RejectReason.TRUNCATED, "the record's header is cut off")
        return BadResponse(place, None, refused)
    if record.record_type != WarcRecordType.response:
        return None
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ") or None
    try:
        return _parsed(_block(record, limit), place, url)
    except Refused as refused:
        return BadResponse(place, url, refused)


def _block(record: WarcRecord, limit: int) -> bytes:
    length: int = record.content_length or 0
    # Asked before anything is read: fastwarc takes the length at its word when it allocates.
    if length > limit + HEADERS:
        raise too_large(limit)
    block: bytes = record.reader.read(length) if length else b""
    if len(block) < length:
        raise Refused(RejectReason.TRUNCATED, f"{len(block)} of the record's {length} bytes are there")
    return block


def _parsed(block: bytes, place: int, url: str | None) -> Response:
    http = WarcRecord()
    http.set_bytes_content(block)
    http.is_http = True
    try:
        http.parse_http(auto_decode="none", quirks_mode=True)
        payload: bytes = http.reader.read()
    except OSError as error:
        raise Refused(RejectReason.CORRUPT, f"not an HTTP response: {error}") from error
    headers = http.http_headers
    if headers is None or headers.status_code is None:
        raise Refused(RejectReason.CORRUPT, "not an HTTP response: it has no status")
    return Response(
        place,
        url,
        status=headers.status_code,
        type=(http.http_content_type or "").strip().lower(),
        charset=(http.http_charset or "").strip("\"' ") or None,
        codings=(*_listed(headers, "Content-Encoding"), *_listed(headers, "Transfer-Encoding")),
        payload=payload,
    )


def _listed(headers: HeaderMap, name: str) -> list[str]:
    parts = (headers.get(name) or "").lower().split(",")
    return [part.strip() for part in parts if part.strip() not in {"", "identity"}]


def _end_of_whole_record(pieces: Iterator[bytes], place: int) -> int | None:
    """Where the record that begins at byte `place` ends, if it ends as its length says."""
    stream = _Stream(pieces)
    stream.skip(place)
    head = stream.take(LONGEST_HEADER)
    header = HEADER.match(head)
    length = LENGTH.search(header.group()) if header else None
    if header is None or length is None:
        return None
    stream.put_back(head[header.end() :])
    stream.skip(int(length[1]))
    return stream.tell() if stream.take(len(RECORD_END)) == RECORD_END else None


class _Stream:
    """What fastwarc reads from: pieces of bytes, and how many of them it has had.

    Where a piece cannot be had, the stream ends, and `failure` says why.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.failure: Refused | None = None
        self._pieces = pieces
        self._piece = b""
        self._used = 0
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        if self._used == len(self._piece):
            self._piece, self._used = self._next(), 0
        end = len(self._piece) if size < 0 else min(len(self._piece), self._used + size)
        data = self._piece[self._used : end]
        self._used = end
        self._place += len(data)
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self._place

    def seek(self, place: int, whence: int = 0) -> int:
        """Not possible; fastwarc asks for the method all the same."""
        raise io.UnsupportedOperation("seek")

    def close(self) -> None:
        """Nothing to do: the pieces close their file."""

    def take(self, size: int) -> bytes:
        """The next `size` bytes, or all that are left."""
        parts = []
        while size and (data := self.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Leaves out the next `size` bytes."""
        while size and (data := self.read(size)):
            size -= len(data)

    def put_back(self, data: bytes) -> None:
        """Makes `data`, which was just read, the next to be read."""
        self._piece, self._used = data + self._piece[self._used :], 0
        self._place -= len(data)

    def skip_to_record(self, start: int) -> int | None:
        """Goes to the first record that begins at byte `start` or later, and says where that is."""
        self.skip(start)
        seen = b""
        while data := self.read():
            seen += data
            found = RECORD_START.search(seen)
            if found:
                self.put_back(seen[found.start() :])
                return self._place
            seen = seen[-LONGEST_START:]
        return None

    def _next(self) -> bytes:
        try:
            return next(self._pieces, b"")
        except Refused as refused:
            self.failure = refused
            return b""
