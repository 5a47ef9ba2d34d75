"""What people set for themselves."""

import json
import threading

import pytest

from builder.review.store import Store
from builder.review.web.preferences import (
    DEFAULT_KEYS,
    Preferences,
    Theme,
    preferences_of,
    problem_of_keys,
    read_preferences,
    set_preferences,
)
from eval.queue_items import fill


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "{}",
        "no JSON",
        "[]",
        '{"keys": 3}',
        '{"keys": {"skip": "ss"}}',
        '{"keys": {"skip": "f"}}',
        '{"theme": "pink"}',
    ],
)
def test_what_cannot_be_read_is_as_for_everybody(stored: str | None) -> None:
    assert read_preferences(stored) == Preferences()


def test_what_was_stored_is_read() -> None:
    stored = json.dumps({"keys": {"skip": "q", "of an older version": "z"}, "theme": "dark"})
    assert read_preferences(stored) == Preferences({**DEFAULT_KEYS, "skip": "q"}, "dark")


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("q", None),
        ("S", None),
        ("f", "flag the item for somebody to look at: 'f' already means: skip the item, with a reason"),
        ("1", "skip the item, with a reason: the key must be one letter or mark (got '1')"),
        ("", "skip the item, with a reason: the key must be one letter or mark (got '')"),
    ],
)
def test_a_key_has_one_meaning(key: str, problem: str | None) -> None:
    assert problem_of_keys({**DEFAULT_KEYS, "skip": key}) == problem


def test_tabs_that_set_something_for_the_first_time_at_once_both_may(store: Store) -> None:
    _, (ada,) = fill(store, 0, 1)
    themes: tuple[Theme, ...] = ("light", "dark") * 4
    barrier = threading.Barrier(len(themes))
    set_by: list[Theme] = []

    def set_theme(theme: Theme) -> None:
        barrier.wait()
        set_preferences(store, ada, Preferences(theme=theme))
        set_by.append(theme)

    threads = [threading.Thread(target=set_theme, args=(theme,)) for theme in themes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set_by) == len(themes)
    assert preferences_of(store, ada).theme in themes
