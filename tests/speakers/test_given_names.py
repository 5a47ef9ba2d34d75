"""Given names and how often women bear them."""

import importlib.resources

from builder.speakers.given_names import is_given_name, share_of_women


def test_a_given_name_is_known_in_any_case() -> None:
    assert is_given_name("Mary")
    assert is_given_name("mary")
    assert not is_given_name("Unterau")
    assert not is_given_name("")


def test_the_share_of_women_is_none_for_what_is_no_given_name() -> None:
    assert share_of_women("Unterau") is None
    mary, james = share_of_women("Mary"), share_of_women("James")
    assert mary is not None
    assert james is not None
    assert james < 0.1
    assert mary > 0.9


def test_accents_do_not_matter() -> None:
    assert share_of_women("Máry") == share_of_women("Mary")
    assert not is_given_name("Ünterau")


def test_a_hyphen_may_join_two_given_names() -> None:
    mary, james = share_of_women("Mary-Élisabeth"), share_of_women("James-Mary")
    assert mary is not None
    assert james is not None
    assert mary > 0.9
    assert 0.4 < james < 0.6
    assert is_given_name("Mary-Unterau")
    assert not is_given_name("Mary-born")
    assert not is_given_name("Ben-Unterau")
    assert not is_given_name("Unterau-Mary")


def test_the_table_is_sorted_and_holds_shares() -> None:
    text = importlib.resources.files("builder.speakers").joinpath("given_names.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    assert all(name == name.lower() and 0 <= float(share) <= 1 for name, share in rows)
    assert len({name for name, _ in rows}) == len(rows)
