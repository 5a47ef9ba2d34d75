"""Exports are made few at a time, and whatever ends one frees its place."""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from builder.review.problems import Throttled
from builder.review.web.exports import AGAIN_SECONDS, BoundedResponse


def lines(closed: list[bool]) -> Generator[str, None, None]:
    """Two lines, and whether whoever made them let go of the database."""
    try:
        yield "one\n"
        yield "two\n"
    finally:
        closed.append(True)


def answered(response: BoundedResponse, breaks: bool = False) -> list[bytes]:
    """What a reader gets, who may go away after the first packet."""
    got: list[bytes] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        got.append(message.get("body", b""))
        if breaks and message["type"] == "http.response.body":
            raise OSError("the reader is gone")

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
    # In a thread of its own: where a browser is driven in this process, another loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, response(scope, receive, send)).result()
    return got


def test_an_export_beyond_the_places_is_told_to_wait() -> None:
    places = BoundedSemaphore(1)
    BoundedResponse(places, lines([]), "application/jsonl")
    with pytest.raises(Throttled, match="exports are being read already") as refused:
        BoundedResponse(places, lines([]), "application/jsonl")
    assert refused.value.seconds == AGAIN_SECONDS


def test_a_place_is_free_when_all_is_read() -> None:
    places, closed = BoundedSemaphore(1), list[bool]()
    assert b"".join(answered(BoundedResponse(places, lines(closed), "application/jsonl"))) == b"one\ntwo\n"
    assert closed == [True]
    assert places.acquire(blocking=False)


def test_a_place_is_free_when_the_reader_is_gone() -> None:
    places, closed = BoundedSemaphore(1), list[bool]()
    with pytest.raises(ClientDisconnect):
        answered(BoundedResponse(places, lines(closed), "application/jsonl"), breaks=True)
    assert closed == [True]
    assert places.acquire(blocking=False)
