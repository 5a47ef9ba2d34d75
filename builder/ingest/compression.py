"""The contents of files, decompressed piece by piece, with cuts, damage and bombs noticed.

zstandard's own stream reader takes a file that is cut off for a complete one, and gzip's loses
what it had read before the cut. Decompressing objects that are fed small slices do neither, and
each slice can only expand so far.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, Protocol

import zstandard

from builder.ingest.limits import BLOCK, EXPANSION_STRETCH, MAXIMUM_EXPANSION, Refused
from builder.records import RejectReason

Compression = Literal["none", "gzip", "zstd"]

SUFFIXES: dict[str, Compression] = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}
MAGIC: dict[bytes, Compression] = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

# The largest output of one slice: gzip 1,032 bytes for each byte; zstd 128 KiB for each block of 4.
SLICES = {"gzip": 16_384, "zstd": 1_024}
ZSTD_WINDOW = 2**27  # bytes; also the limit of the zstd command


class Decompressor(Protocol):
    """What zlib's and zstandard's decompressing objects have in common; each reads one frame."""

    @property
    def eof(self) -> bool:
        """Whether the frame has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was fed beyond the end of the frame."""

    def decompress(self, data: bytes, /) -> bytes:
        """The output for the next input."""


def compression_of(name: str, head: bytes) -> Compression:
    """The compression that a file's first bytes show or, where they show none, its name promises."""
    for magic, compression in MAGIC.items():
        if head.startswith(magic):
            return compression
    return SUFFIXES.get(Path(name).suffix.lower(), "none")


def chunks(path: Path, compression: Compression, stretch: int = EXPANSION_STRETCH) -> Iterator[bytes]:
    """The decompressed contents of a file, in pieces.

    Raises:
        Refused: the file cannot be read, is damaged or cut off, or expands beyond any honest ratio
            (see `expanded`); everything before that has been given out by then.
    """
    blocks = _blocks(path)
    return blocks if compression == "none" else expanded(blocks, compression, stretch)


def expanded(
    blocks: Iterable[bytes], compression: Compression, stretch: int = EXPANSION_STRETCH
) -> Iterator[bytes]:
    """Compressed blocks, decompressed; any number of gzip members or zstd frames one after another.

    The expansion is judged over each `stretch` bytes of output.

    Raises:
        Refused: as in `chunks`.
    """
    start: Callable[[], Decompressor] = _gzip_member if compression == "gzip" else _zstd_frame
    frame: Decompressor | None = None
    first = True
    taken = given = 0
    for piece in _sliced(blocks, SLICES[compression]):
        data = piece
        taken += len(piece)
        while data:
            if frame is None:
                # Padding with zeros after a gzip member is customary on tapes and block devices.
                data = data if first or compression != "gzip" else data.lstrip(b"\0")
                if not data:
                    break
                frame, first = start(), False
            output = _decompressed(frame, data, compression)
            data = frame.unused_data
            frame = None if frame.eof else frame
            given += len(output)
            if given > stretch:
                _refuse_bomb(taken, given)
                taken = given = 0
            if output:
                yield output
    if frame is not None:
        raise Refused(RejectReason.TRUNCATED, f"the {compression} data end before their end marker")


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block
    except OSError as error:
        raise Refused(RejectReason.UNREADABLE, error.strerror or str(error)) from error


def _sliced(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), size):
            yield block[start : start + size]


def _gzip_member() -> Decompressor:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)


def _zstd_frame() -> Decompressor:
    frame: Decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
    return frame


def _decompressed(frame: Decompressor, data: bytes, compression: Compression) -> bytes:
    try:
        return frame.decompress(data)
    except (zlib.error, zstandard.ZstdError) as error:
        raise Refused(RejectReason.CORRUPT, f"not {compression} data, or damaged: {error}") from error


def _refuse_bomb(taken: int, given: int) -> None:
    if given > taken * MAXIMUM_EXPANSION:
        raise Refused(
            RejectReason.DECOMPRESSION_BOMB,
            f"{taken} compressed bytes became {given}, more than {MAXIMUM_EXPANSION} times as many",
        )
