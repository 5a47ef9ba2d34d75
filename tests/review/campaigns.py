"""A campaign in a real database, for the tests of what is decided in one."""

from dataclasses import replace

from builder.review.accounts import add_account
from builder.review.campaigns import create_campaign
from builder.review.drafts import Draft
from builder.review.items import AccountRole, Actor, Campaign, Item, Label, Scheme
from builder.review.load import add_items
from builder.review.store import Store
from tests.review.invented import ITEM

SCALE = ("against", "neutral", "favor")
SCHEME = Scheme(
    "1.0", tuple(Label(name, str(key), "") for key, name in enumerate(SCALE, 1)), "# Guidelines", SCALE
)


def items(count: int) -> list[Item]:
    return [replace(ITEM, key=f"q{number}", id=0, campaign="") for number in range(1, count + 1)]


def campaign(store: Store, found: list[Item], overlap: int = 2) -> Campaign:
    made = create_campaign(store, "main", SCHEME, overlap, 15, 0.0)
    add_items(store, made, [Draft(one, "route", 0.5, ()) for one in found])
    return made


def people(store: Store, **roles: AccountRole) -> dict[str, Actor]:
    return {name: add_account(store, None, name, role) for name, role in roles.items()}
