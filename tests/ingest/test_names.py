"""Names and messages as records can hold them."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.limits import Refused
from builder.ingest.names import encodable, listed, printable
from builder.records import RejectReason


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"plain.txt", "plain.txt"),
        ("caf\xe9 – 東京.txt".encode(), "café – 東京.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        (b"caf\\xe9.txt", "caf\\\\xe9.txt"),
    ],
)
def test_a_name_is_shown_as_it_is_but_for_bytes_that_are_no_utf8(name: bytes, expected: str) -> None:
    assert printable(os.fsdecode(name)) == expected


@given(one=st.binary(max_size=8), other=st.binary(max_size=8))
def test_no_two_names_are_shown_alike(one: bytes, other: bytes) -> None:
    first, second = printable(os.fsdecode(one)), printable(os.fsdecode(other))
    assert (first == second) is (one == other)
    assert first.encode().decode() == first


@given(message=st.text(st.characters()))
def test_any_message_can_be_encoded(message: str) -> None:
    assert encodable(message).encode().decode() == encodable(message)


def test_what_a_refusal_says_can_be_encoded_and_is_bounded() -> None:
    refused = Refused(RejectReason.UNREADABLE, "\udcff" + "x" * 100_000)
    assert refused.detail.startswith("\\udcffxxx")
    assert len(refused.detail) < 3000


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], "none"),
        (["id", "a\nb"], "'id', 'a\\nb'"),
        (["k" * 5000], f"'{'k' * 100}'"),
        ([str(n) for n in range(1000)], "'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'"),
    ],
)
def test_a_list_of_keys_is_bounded(keys: list[str], expected: str) -> None:
    assert listed(keys) == expected
