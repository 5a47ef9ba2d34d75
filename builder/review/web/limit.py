"""The most that a request may hold: more is refused before anybody has proved who they are."""

from fastapi import HTTPException

from builder.review.web.headers import Application, Message, Receive, Scope, Send

MOST = 2**20  # bytes: some thousand quotations marked in one article
TOO_LARGE = 413


class WithLimit:
    """An application that reads no more than this of a request."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request as the application does, unless that reads beyond the limit."""
        read = 0

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST:
                raise HTTPException(TOO_LARGE)
            return message

        await self.app(scope, receive_limited, send)
