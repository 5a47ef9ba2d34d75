"""The headers that every answer carries: they say what a browser may do with it, which is little."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer" a browser would send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOT_KEPT = ("Cache-Control", "no-store")
STATIC = "/static/"  # all that a browser may keep

_ENCODED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_NOT_KEPT = (NOT_KEPT[0].lower().encode(), NOT_KEPT[1].encode())


class WithHeaders:
    """An application whose every answer has these headers."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request as the application does, with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                added = [*_ENCODED, *(() if scope["path"].startswith(STATIC) else (_NOT_KEPT,))]
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [one for one in added if one[0] not in names]
            await send(message)

        await self.app(scope, receive, send_with_headers)
