"""What stands in two splits is found and refused, and not placed there in the first place."""

import pytest

from builder.errors import ReleaseError
from builder.release.leaks import Leak, require_no_leaks
from eval.leaks import Said, leaks_of

BRIDGE = "we will build the long bridge before the winter comes"
FERRY = "the ferry is old and slow and everybody knows it"


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (Said(BRIDGE, "c1", "ada", "train"), Said(FERRY, "c1", "ben", "test"), "cluster"),
        (Said(BRIDGE, "c1", "ada", "train"), Said(BRIDGE, "c2", "ben", "validation"), "same words"),
        (
            Said(BRIDGE, "c1", "ada", "validation"),
            Said(BRIDGE.replace("long", "new"), "c2", "ada", "test"),
            "nearly the same words",
        ),
        (Said(BRIDGE, "c1", "ada", "train"), Said(FERRY, "c2", "ada", "test"), None),
        (Said(BRIDGE, "c1", "ada", "train"), Said(BRIDGE, "c1", "ada", "train"), None),
        (Said(BRIDGE, "c1", "ada", "train"), Said(BRIDGE, "c1", "ada", "unlabelled"), None),
    ],
)
def test_copies_in_two_splits_are_leaks(one: Said, other: Said, kind: str | None) -> None:
    assert [leak.kind for leak in leaks_of([one, other])] == ([kind] if kind else [])


def test_where_splits_are_by_speaker_the_speaker_must_not_be_in_two() -> None:
    said = [Said(BRIDGE, "c1", "ada", "train"), Said(FERRY, "c1", "ada", "test")]
    assert [leak.kind for leak in leaks_of(said, by_speaker=True)] == ["speaker"]
    apart = [said[0], Said(FERRY, "c1", "ben", "test")]
    assert leaks_of(apart, by_speaker=True) == []


def test_a_leak_fails_the_release_and_names_a_row_of_each_side() -> None:
    leak = Leak("same words", (("test", "q1"), ("train", "q2")))
    with pytest.raises(ReleaseError, match=r"1 leaks between splits.*same words: q1 in test, q2 in train"):
        require_no_leaks([leak])
    require_no_leaks([])


def test_clusters_with_the_same_quotation_are_drawn_as_one() -> None:
    said = [Said(f"{BRIDGE} {number % 7}", f"c{number}", f"v{number}", "") for number in range(200)]
    assert leaks_of(said, drawn=True) == []
