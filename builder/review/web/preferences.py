"""What people set for themselves: the key of each action, and the colours."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from sqlalchemy import insert, select, update

from builder.review.items import Actor
from builder.review.problems import Invalid
from builder.review.queue import lock_account
from builder.review.store import Store
from builder.review.tables import setting

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
FREE_KEYS = frozenset(string.ascii_letters + string.punctuation)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an annotator does with a key; digits and Enter are the same for everybody."""

    name: str
    key: str
    meaning: str


ACTIONS = (
    Action("skip", "s", "skip the item, with a reason"),
    Action("flag", "f", "flag the item for somebody to look at"),
    Action("undo", "u", "undo the last answer or skip"),
    Action("guidelines", "h", "show the guidelines"),
    Action("help", "?", "show the keys"),
    Action("edit", "b", "edit the boundaries"),
    Action("none", "x", "not a quotation"),
    Action("speaker", "p", "go to the speaker"),
    Action("note", "n", "write a note"),
    Action("next", "j", "go to the next question"),
    Action("previous", "k", "go to the question before"),
    Action("mark", "m", "whole articles: mark the selected words as a quotation"),
    Action("source", "o", "whole articles: mark them as its source"),
    Action("cue", "v", "whole articles: mark them as its verb of saying"),
)
DEFAULT_KEYS = {action.name: action.key for action in ACTIONS}


@dataclass(frozen=True, slots=True)
class Preferences:
    """The key of each action, by the action's name, and the colours; "auto" is as the system has them."""

    keys: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KEYS)
    theme: Theme = "auto"


def preferences_of(store: Store, actor: Actor) -> Preferences:
    """What somebody set."""
    with store.reading() as connection:
        return read_preferences(
            connection.scalar(select(setting.c.value).where(setting.c.name == _name(actor)))
        )


def set_preferences(store: Store, actor: Actor, preferences: Preferences) -> None:
    """Keeps what somebody set.

    Raises:
        Invalid: a key is none, or has two meanings.
    """
    if problem := problem_of_keys(preferences.keys):
        raise Invalid(problem)
    value = json.dumps({"keys": dict(preferences.keys), "theme": preferences.theme})
    with store.writing() as connection:
        lock_account(connection, actor)
        here = setting.c.name == _name(actor)
        if not connection.execute(update(setting).where(here).values(value=value)).rowcount:
            connection.execute(insert(setting).values(name=_name(actor), value=value))


def read_preferences(text: str | None) -> Preferences:
    """The preferences that were stored; what cannot be read, or is no key any more, is as for everybody."""
    try:
        stored = json.loads(text or "{}")
        theme, keys = stored.get("theme"), stored.get("keys", {})
        keys = {**DEFAULT_KEYS, **{name: keys[name] for name in DEFAULT_KEYS.keys() & keys.keys()}}
    except (ValueError, AttributeError):
        return Preferences()
    valid = problem_of_keys(keys) is None
    return Preferences(keys if valid else DEFAULT_KEYS, theme if theme in THEMES else "auto")


def problem_of_keys(keys: Mapping[str, str]) -> str | None:
    """What is wrong with the keys that somebody chose; None if nothing is."""
    taken: dict[str, str] = {}
    for action in ACTIONS:
        key = keys.get(action.name, "")
        if not isinstance(key, str) or key not in FREE_KEYS:
            return f"{action.meaning}: the key must be one letter or mark (got {key!r})"
        if key in taken:
            return f"{action.meaning}: {key!r} already means: {taken[key]}"
        taken[key] = action.meaning
    return None


def next_theme(theme: Theme) -> Theme:
    """The colours that come after these when one switches."""
    return THEMES[(THEMES.index(theme) + 1) % len(THEMES)]


def _name(actor: Actor) -> str:
    return f"preferences-{actor.id}"
