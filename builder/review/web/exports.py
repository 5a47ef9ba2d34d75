"""How many exports are made at once: each holds a connection to the database for as long as it is read."""

from collections.abc import Generator
from threading import BoundedSemaphore

from fastapi.responses import StreamingResponse

from builder.review.problems import Throttled
from builder.review.web.headers import Receive, Scope, Send

AT_ONCE = 4  # of a server process; a pool of 32 connections leaves the others to people
AGAIN_SECONDS = 30


class BoundedResponse(StreamingResponse):
    """An answer that is made while it is read, and holds one of few places until its reader is done or gone.

    Raises:
        Throttled: all places are taken.
    """

    def __init__(self, places: BoundedSemaphore, lines: Generator[str, None, None], media_type: str) -> None:
        if not places.acquire(blocking=False):
            told = f"{AT_ONCE} exports are being read already; try again when one of them is done"
            raise Throttled(told, AGAIN_SECONDS)
        super().__init__(lines, media_type=media_type)
        self._places, self._lines = places, lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer; whatever ends it, its place is free afterwards, and its connection."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._lines.close()
            self._places.release()
