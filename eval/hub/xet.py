"""Where Xet's local store keeps a file: the Xet hash of a file by its SHA-256, read from the store's shards.

The client writes the store itself (`local://FOLDER` in the place of a storage service's address); only what
a hub must know to hand files out again is read here. The layout of a shard is xet-core's
(`xet_core_structures/metadata_shard`): a header, then blocks of 48 bytes. For each file one that begins
with its hash and ends with flags and the number of its entries, then its entries, as many for their
verification if it has any, and one with its SHA-256. A hash of all ones ends the files.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

BLOCK = 48
VERIFIED, WITH_SHA256 = 1 << 31, 1 << 30
END = "f" * 64


def files_in(store: Path) -> dict[str, str]:
    """The Xet hashes of all files of a store, by their SHA-256."""
    return {sha256: file for shard in sorted(store.rglob("shards/*.mdb")) for sha256, file in _read(shard)}


def _read(shard: Path) -> Iterator[tuple[str, str]]:
    data = shard.read_bytes()
    at = BLOCK
    while (file := _hash(data, at)) != END:
        flags, entries = struct.unpack_from("<II", data, at + 32)
        at += BLOCK * (1 + entries * (2 if flags & VERIFIED else 1))
        if flags & WITH_SHA256:
            yield _hash(data, at), file
            at += BLOCK


def _hash(data: bytes, at: int) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack_from("<4Q", data, at))
