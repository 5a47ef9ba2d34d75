"""Cutting files into content-defined chunks, as the Hub's storage does before it asks which are new.

The rule is Xet's: a chunk ends where the 16 upper bits of a rolling gear hash over 64 bytes are zero, on
average after 64 KiB, but not before 8 KiB and at 128 KiB at the latest. The hash's table of random numbers is
another one than Xet's, which changes where the chunks end and not how many bytes are new.
"""

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 8 * 2**10, 128 * 2**10
UPPER_BITS = np.uint64(0xFFFF << 48)
WINDOW = 64
BLOCK = 2**22  # bytes that are hashed at once
TABLE = np.frombuffer(b"".join(hashlib.sha256(bytes([byte])).digest()[:8] for byte in range(256)), "<u8")


def chunks_of(path: Path) -> dict[str, int]:
    """The size of each different chunk of a file, by its hash."""
    data = path.read_bytes()
    parts = (data[start:end] for start, end in pairwise(cuts(data)))
    return {hashlib.sha256(part).hexdigest(): len(part) for part in parts}


def cuts(data: bytes) -> list[int]:
    """Where chunks begin and end, from 0 to the length of the data."""
    found = [0]
    for end in _candidates(data):
        while end - found[-1] > LARGEST:
            found.append(found[-1] + LARGEST)
        if end - found[-1] >= SMALLEST:
            found.append(end)
    while len(data) - found[-1] > LARGEST:
        found.append(found[-1] + LARGEST)
    return [*found, len(data)] if found[-1] < len(data) else found


def _candidates(data: bytes) -> Iterator[int]:
    """The places behind which the upper bits of the hash are zero."""
    bytes_of = np.frombuffer(data, np.uint8)
    for start in range(0, len(data), BLOCK):
        before = max(0, start - WINDOW + 1)
        hashes = _gear(bytes_of[before : start + BLOCK])[start - before :]
        yield from (np.flatnonzero((hashes & UPPER_BITS) == 0) + start + 1).tolist()


def _gear(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The hash behind each byte: the sum of the table's numbers, each shifted by its distance in bytes.

    The sum over twice as many bytes is the sum over the nearer half and the shifted one over the other.
    """
    hashes = TABLE[data].astype(np.uint64)
    width = 1
    while width < WINDOW:
        further = np.zeros_like(hashes)
        further[width:] = hashes[:-width] << np.uint64(width)
        hashes = hashes + further
        width *= 2
    return hashes
