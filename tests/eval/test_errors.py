from collections import Counter
from typing import Any

import pytest

from eval.data import data_folder
from eval.errors import (
    CATEGORIES,
    GROUPINGS,
    Category,
    Outcome,
    counts_by,
    length_group,
    outcomes_of,
    sample,
    ways,
)
from eval.metrics.attribution import score
from eval.polnear import corpus_files, read_gold
from eval.predictions import by_document, read_predictions

DATA = data_folder()

TEXT = (
    "“We will go,” said Ilse Brandt to critics. "  # direct, found exactly
    "Critics said that the old ferry is slow. "  # indirect, cut short
    "Okoro hopes to stay.\n"  # indirect, missed
    "He called it “very sad news” indeed. "  # mixed, predicted without source and too long
    "“Good night!” "  # predicted alone
    "They said that one left and that another came."  # indirect, predicted in two halves
)


def row(content: list[str], cue: str = "", source: str = "", **more: Any) -> dict[str, Any]:
    spans = [[TEXT.index(part), TEXT.index(part) + len(part)] for part in (*content, cue, source) if part]
    rest = spans[len(content) :]
    return {
        "content": spans[: len(content)],
        "cue": rest[:1] if cue else [],
        "source": rest[-1:] if source else [],
        **more,
    }


GOLD: list[dict[str, Any]] = [
    {
        "id": "one",
        "publisher": "The Herald",
        "text": TEXT,
        "attributions": [
            row(["“We will go,”"], "said", "Ilse Brandt", id="a"),
            row(["that the old ferry is slow"], "said", "Critics", id="b"),
            row(["to stay"], "hopes", "Okoro", id="c"),
            row(["it “very sad news”"], "called", "He", id="d"),
            row(["that one left and that another came"], "said", "They", id="e"),
        ],
    }
]
OURS = {
    "one": [
        row(["We will go"], "said", "Brandt"),
        row(["the old ferry is slow"], "said", "Critics"),
        row(["it “very sad news” indeed"], "called", ""),
        row(["“Good night!”"]),
        row(["that one left"], "said", "They"),
        row(["and that another came"]),
    ]
}
OUTCOMES = outcomes_of(GOLD, OURS)


def content(outcome: Outcome) -> str:
    (start, end), *_ = outcome.shown.attribution.given["content"]
    return TEXT[start:end]


def test_every_gold_quotation_and_every_spurious_one_has_an_outcome() -> None:
    assert [(content(one), one.errors) for one in OUTCOMES] == [
        ("“We will go,”", {}),
        ("that the old ferry is slow", {"wrong boundary": "too little"}),
        ("to stay", {"missed": "nothing predicted there"}),
        ("it “very sad news”", {"wrong source": "none predicted", "wrong boundary": "too much"}),
        # 3 of 7 words and 4 of 7: the second half is found
        (
            "that one left and that another came",
            {"wrong source": "none predicted", "wrong boundary": "too little"},
        ),
        ("“Good night!”", {"spurious": "nothing annotated there"}),
        ("that one left", {"spurious": "touches an annotated one"}),
    ]


def test_one_that_stands_alone_knows_what_is_near() -> None:
    near = {content(one): [side.attribution.given["content"] for side in one.near] for one in OUTCOMES}
    (whole,) = (one for one in GOLD[0]["attributions"] if one["id"] == "e")
    assert near["that one left"] == [whole["content"]]
    assert near["“Good night!”"] == near["“We will go,”"] == []


def alone(text: str, content: list[list[int]], source: list[list[int]] | None = None) -> list[dict[str, Any]]:
    """A corpus of one quotation."""
    wanted = {"id": "a", "content": content, "cue": [], "source": source or []}
    return [{"id": "d", "text": text, "attributions": [wanted]}]


def test_a_gold_quotation_that_only_touches_a_prediction_is_missed() -> None:
    text = "They said that it was late, dark and cold."
    gold = [
        {
            "id": "d",
            "text": text,
            "attributions": [{"id": "a", "content": [[10, 41]], "cue": [], "source": []}],
        }
    ]
    missed, spurious = outcomes_of(gold, {"d": [{"content": [[10, 17]]}]})
    assert missed.errors == {"missed": "touches a predicted one"}
    assert spurious.errors == {"spurious": "touches an annotated one"}
    assert missed.near == (spurious.shown,)
    assert missed.shown.traits.publisher == "unknown"


@pytest.mark.parametrize(
    ("gold", "ours", "way"),
    [
        ([], [[0, 4]], "predicted where none is annotated"),
        ([[0, 4]], [], "none predicted"),
        ([[0, 4]], [[5, 9]], "another one"),
    ],
)
def test_the_ways_of_a_wrong_source(gold: list[list[int]], ours: list[list[int]], way: str) -> None:
    text = "They said that it was late."
    wanted = {"id": "a", "content": [[10, 26]], "cue": [], "source": gold}
    (outcome,) = outcomes_of(
        [{"id": "d", "text": text, "attributions": [wanted]}],
        {"d": [{"content": [[10, 26]], "source": ours}]},
    )
    assert outcome.errors == {"wrong source": way}


def test_a_boundary_may_be_wrong_on_both_sides() -> None:
    text = "They said that it was late."
    (outcome,) = outcomes_of(alone(text, content=[[10, 21]]), {"d": [{"content": [[15, 26]]}]})
    assert outcome.errors == {"wrong boundary": "both too little and too much"}


def test_counts_by_kind_by_hand() -> None:
    counts = counts_by(OUTCOMES, GROUPINGS["kind"])
    assert list(counts) == ["direct", "mixed", "indirect"]
    assert counts["direct"] == {"gold": 1, "found": 1, "predicted": 2, "spurious": 1}
    assert counts["mixed"] == {"gold": 1, "found": 1, "predicted": 1, "wrong source": 1, "wrong boundary": 1}
    # b is cut short, c missed, e cut short and without source; predicted are b and the halves of e
    assert counts["indirect"] == {
        "gold": 3, "found": 2, "missed": 1, "wrong source": 1, "wrong boundary": 2,
        "predicted": 3, "spurious": 1,
    }  # fmt: skip


def test_counts_by_type_of_source_and_publisher_by_hand() -> None:
    by_source = counts_by(OUTCOMES, GROUPINGS["type of source"])
    assert [(name, counts["gold"], counts["predicted"]) for name, counts in by_source.items()] == [
        ("none", 0, 3),
        ("pronoun", 2, 1),
        ("name", 2, 1),
        ("other description", 1, 1),
    ]
    assert list(counts_by(OUTCOMES, GROUPINGS["publisher"])) == ["The Herald"]


@pytest.mark.parametrize(
    ("words", "group"),
    [
        (1, "1 to 3 words"),
        (3, "1 to 3 words"),
        (4, "4 to 10 words"),
        (40, "21 to 40 words"),
        (41, "over 40 words"),
    ],
)
def test_lengths_are_grouped(words: int, group: str) -> None:
    assert length_group(words) == group


def test_groups_stand_in_the_order_of_their_size() -> None:
    assert list(counts_by(OUTCOMES, GROUPINGS["length of content"])) == ["1 to 3 words", "4 to 10 words"]


def test_ways_are_counted_by_category() -> None:
    assert ways(OUTCOMES) == {
        "missed": {"nothing predicted there": 1},
        "spurious": {"nothing annotated there": 1, "touches an annotated one": 1},
        "wrong source": {"none predicted": 2},
        "wrong boundary": {"too little": 2, "too much": 1},
    }


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_sample_is_of_its_category_and_always_the_same(category: Category) -> None:
    cases = sample(OUTCOMES, category, 1)
    assert len(cases) == 1
    assert category in cases[0].errors
    assert sample(OUTCOMES[::-1], category, 1) == cases
    everything = sample(OUTCOMES, category, 99)
    assert cases[0] in everything
    assert len(everything) == sum(category in one.errors for one in OUTCOMES)
    assert sample(OUTCOMES, category, 0) == []


def test_a_sample_is_sorted_by_kind() -> None:
    cases = sample(OUTCOMES, "wrong boundary", 3)
    assert [one.shown.traits.kind for one in cases] == ["mixed", "indirect", "indirect"]


@pytest.mark.corpus
@pytest.mark.skipif(DATA is None, reason="the corpora are not on this machine")
def test_the_counts_are_those_behind_the_figures() -> None:
    assert DATA is not None
    gold = read_gold(corpus_files("dev")[0])
    for path in sorted((DATA / "peers").glob("*_dev.jsonl")):
        predicted = by_document(read_predictions(path))
        counts = counts_by(outcomes_of(gold, predicted), GROUPINGS["all"])["all"]
        figures = score(gold, predicted)
        assert (counts["gold"], counts["predicted"]) == (figures["gold"], figures["pred"])
        assert (
            counts["found"] == counts["gold"] - counts["missed"] == counts["predicted"] - counts["spurious"]
        )
        joint = counts["found"] - counts["wrong source"]
        assert round(100 * counts["found"] / counts["gold"], 1) == figures["found"]["r"]
        assert round(100 * joint / counts["gold"], 1) == figures["joint"]["r"]
        assert round(100 * joint / counts["predicted"], 1) == figures["joint"]["p"]
        for grouping in GROUPINGS.values():
            assert sum(counts_by(outcomes_of(gold, predicted), grouping).values(), Counter()) == counts
