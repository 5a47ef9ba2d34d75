"""Decompression: whole files, cut files, damaged files, bombs."""

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.compression import Compression, chunks, compression_of, expanded
from builder.ingest.limits import MAXIMUM_EXPANSION, Refused
from builder.records import RejectReason


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


COMPRESS: dict[Compression, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstd}
KINDS: list[Compression] = ["gzip", "zstd"]


def taken(pieces: Iterator[bytes]) -> tuple[bytes, RejectReason | None]:
    """Everything that is given out, and why it ended if it did not end well."""
    got = b""
    try:
        for piece in pieces:
            got += piece
    except Refused as refused:
        return got, refused.reason
    return got, None


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)  # noqa: S311 - only has to be incompressible


@given(members=st.lists(st.binary(max_size=3000), min_size=1, max_size=4), block=st.integers(1, 5000))
@pytest.mark.parametrize("kind", KINDS)
def test_any_number_of_members_gives_back_what_was_compressed(
    kind: Compression, members: list[bytes], block: int
) -> None:
    packed = b"".join(COMPRESS[kind](member) for member in members)
    blocks = [packed[start : start + block] for start in range(0, len(packed), block)]
    assert taken(expanded(blocks, kind)) == (b"".join(members), None)


@given(data=st.binary(min_size=1, max_size=3000), cut=st.integers(1, 10_000))
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_is_noticed_wherever_it_is_and_nothing_false_is_given_out(
    kind: Compression, data: bytes, cut: int
) -> None:
    packed = COMPRESS[kind](data)
    got, reason = taken(expanded([packed[: 1 + cut % (len(packed) - 1)]], kind))
    assert reason == RejectReason.TRUNCATED
    assert data.startswith(got)


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_before_a_cut_is_kept(kind: Compression) -> None:
    first, second = noise(300_000), noise(200_000)
    packed = COMPRESS[kind](first)
    got, reason = taken(expanded([packed + COMPRESS[kind](second)[:-100]], kind))
    assert reason == RejectReason.TRUNCATED
    assert got.startswith(first)
    assert len(got) > len(first)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_named(kind: Compression) -> None:
    packed = bytearray(COMPRESS[kind](b"words and words " * 100))
    packed[-1] ^= 255  # a part of the checksum
    assert taken(expanded([bytes(packed)], kind))[1] == RejectReason.CORRUPT
    assert taken(expanded([b"no compressed data at all"], kind)) == (b"", RejectReason.CORRUPT)


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_last_member_must_be_another(kind: Compression) -> None:
    got, reason = taken(expanded([COMPRESS[kind](b"whole") + b"and then something"], kind))
    assert (got, reason) == (b"whole", RejectReason.CORRUPT)


def test_zeros_after_a_gzip_member_are_padding() -> None:
    packed = gzip.compress(b"one") + bytes(600) + gzip.compress(b"two") + bytes(3)
    assert taken(expanded([packed], "gzip")) == (b"onetwo", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_refused_after_one_stretch(kind: Compression) -> None:
    got, reason = taken(expanded([COMPRESS[kind](bytes(8_000_000))], kind, stretch=2_000_000))
    assert reason == RejectReason.DECOMPRESSION_BOMB
    assert len(got) <= 2_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_behind_honest_data_is_refused_too(kind: Compression) -> None:
    honest, bomb = noise(500_000), COMPRESS[kind](bytes(100_000_000))
    got, reason = taken(expanded([COMPRESS[kind](honest) + bomb], kind, 1_000_000))
    assert reason == RejectReason.DECOMPRESSION_BOMB
    assert got.startswith(honest)


def test_repeats_that_real_text_may_have_are_no_bomb() -> None:
    page = b"<p>" + noise(2000).hex().encode() + b"</p>"
    packed = gzip.compress(page * 200)
    assert 20 < len(page) * 200 / len(packed) < MAXIMUM_EXPANSION
    assert taken(expanded([packed], "gzip", stretch=100_000)) == (page * 200, None)


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("page.html", b"<html>", "none"),
        ("page.html.gz", b"\x1f\x8b\x08\x00", "gzip"),
        ("page.html", b"\x1f\x8b\x08\x00", "gzip"),  # as servers send it
        ("page.html.GZ", b"<html>", "gzip"),  # reading it will say that it is not
        ("page.zst", b"", "zstd"),
        ("page", b"\x28\xb5\x2f\xfd", "zstd"),
    ],
)
def test_compression_is_seen_by_content_first_then_by_name(name: str, head: bytes, expected: str) -> None:
    assert compression_of(name, head) == expected


def test_a_plain_file_comes_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(noise(200_000))
    assert taken(chunks(tmp_path / "a", "none")) == (noise(200_000), None)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert taken(chunks(tmp_path / "absent", "gzip")) == (b"", RejectReason.UNREADABLE)
