"""What the review refuses, each with the code and the HTTP status that the server answers with.

ReviewError                 the review refuses what was asked
├── Unknown                 no such item, campaign, account, lease or token             (404)
├── Unauthenticated         no session or token that holds, or a wrong password         (401)
├── Forbidden               the actor's role or the campaign does not allow it          (403)
├── Conflict                the lease or the item is no longer the actor's              (409)
├── Closed                  the campaign is closed                                      (409)
├── Invalid                 what was sent cannot be an answer                           (422)
├── Throttled               too many failed log-ins                                     (429)
└── Busy                    the database is held by others for too long                 (503)
"""

from builder.errors import RunError


class ReviewError(RunError):
    """The review refuses what was asked; the message is for the person who asked."""

    code = "review"
    status = 400


class Unknown(ReviewError):  # noqa: N818 - these are answers, named for what they say
    """There is no such item, campaign, account, lease or token."""

    code, status = "unknown", 404


class Unauthenticated(ReviewError):  # noqa: N818
    """No session or token that holds, or a wrong name or password."""

    code, status = "unauthenticated", 401


class Forbidden(ReviewError):  # noqa: N818
    """The actor may not do this."""

    code, status = "forbidden", 403


class Conflict(ReviewError):  # noqa: N818
    """The lease or the item is no longer the actor's; `kept` is the entry that holds what was sent."""

    code, status = "conflict", 409

    def __init__(self, message: str, kept: int | None = None) -> None:
        super().__init__(message)
        self.kept = kept


class Closed(ReviewError):  # noqa: N818
    """The campaign is closed: nothing more is handed out."""

    code, status = "closed", 409


class Invalid(ReviewError):  # noqa: N818
    """What was sent cannot be an answer to this item."""

    code, status = "invalid", 422


class Throttled(ReviewError):  # noqa: N818
    """Too many failed log-ins; `seconds` says when to try again."""

    code, status = "throttled", 429

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Busy(ReviewError):  # noqa: N818
    """The database was held by others for longer than anybody should wait; nothing was changed."""

    code, status = "busy", 503
