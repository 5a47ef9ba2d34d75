"""What requests of the JSON API hold in their bodies, and what answers hold beside the shared records."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from builder.review.items import AccountRole, Content, Lease, Scheme

Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Body(BaseModel):
    """A body that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Credentials(Body):
    """Who logs in."""

    name: str
    password: str


class Acceptance(Body):
    """Who accepts an invitation, and by which password they will log in."""

    token: str
    name: str
    password: str


class Held(Body):
    """A lease, by its token."""

    lease: str


class Submission(Held):
    """An answer to the item of a lease."""

    content: Content
    note: str | None = None
    flagged: bool = False
    seconds: Seconds | None = None


class Skipping(Held):
    """Why the item of a lease is skipped."""

    reason: str
    flagged: bool = False


class Ruling(Body):
    """An adjudicator's answer to an item, and why it is that."""

    content: Content
    reason: str
    note: str | None = None


class NewToken(Body):
    """What a token is called, and for how many days it holds."""

    name: str
    days: float = 90


class NewPassword(Body):
    """Another password of one's own; the present one proves who asks."""

    present: str
    password: str


class NewAccount(Body):
    """An account to make."""

    name: str
    role: AccountRole
    password: str | None = None


class NewRole(Body):
    """What somebody may do from now on."""

    role: AccountRole


class NewInvitation(Body):
    """An invitation to make."""

    role: AccountRole
    hours: float = 72


class Me(BaseModel):
    """Who is logged in, and what a browser proves with that a request is its user's."""

    name: str
    role: AccountRole
    csrf: str


class Renewed(BaseModel):
    """When a lease ends now."""

    expires_at: float
    seconds: float

    @classmethod
    def of(cls, lease: Lease) -> "Renewed":
        """The times of a lease, without its token."""
        return cls(expires_at=lease.expires_at, seconds=lease.seconds)


class CampaignSummary(BaseModel):
    """A campaign and how far it is."""

    name: str
    state: str
    overlap: int
    scheme: Scheme
    items: int
    finished: int
    answers: int
    wanted: int


class Problem(BaseModel):
    """What was refused and why; `kept` is the entry that holds what was sent too late."""

    error: str
    message: str
    kept: int | None = None


class Health(BaseModel):
    """That the server answers, and which one it is."""

    version: str
