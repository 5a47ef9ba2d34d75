from typing import Any

from eval.metrics.stance import Prediction
from eval.stance_figures import FEWEST, OTHERS, figures_of, worst_errors

Rows = list[dict[str, Any]]


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": "I admire the tunnel", "target": "the tunnel", "label": "favor", **more}


def answers(rows: Rows, label: str = "favor", confidence: float = 0.9) -> dict[str, Prediction]:
    return {str(one["id"]): Prediction(label, confidence, None) for one in rows}


def groups(rows: Rows, grouping: str) -> dict[str, float]:
    found = figures_of(rows, answers(rows), 0)["by"][grouping]
    return {name: one["n"] for name, one in found.items()}


def test_rows_are_counted_by_target_and_small_groups_together() -> None:
    rows = [
        row(number, target=target)
        for number, target in enumerate(["the tunnel"] * FEWEST + ["the mayor"] * (FEWEST + 1) + ["a", "b"])
    ]
    assert groups(rows, "target") == {"the mayor": FEWEST + 1, "the tunnel": FEWEST, OTHERS: 2}


def test_quotation_marks_are_looked_for_where_the_corpus_does_not_say() -> None:
    rows = [row(number, text="“The tunnel is closed,” she said") for number in range(FEWEST)]
    rows += [row(number + FEWEST) for number in range(FEWEST + 1)]
    assert groups(rows, "quotation marks") == {"unquoted": FEWEST + 1, "quoted": FEWEST}
    # A corpus that does say is believed.
    assert groups([one | {"quoted": True} for one in rows], "quotation marks") == {"quoted": 2 * FEWEST + 1}


def test_a_target_that_the_text_only_implies_is_told_apart() -> None:
    rows = [row(number, text="It is a disgrace") for number in range(FEWEST)]
    rows += [row(number + FEWEST) for number in range(2 * FEWEST)]
    assert groups(rows, "target in the text") == {"named": 2 * FEWEST, "not named": FEWEST}


def test_lengths_come_in_their_order() -> None:
    rows = [
        row(number, text="word " * words) for number, words in enumerate([2] * 10 + [50] * 30 + [15] * 20)
    ]
    assert groups(rows, "length") == {"1 to 3 words": 10, "11 to 20 words": 20, "over 40 words": 30}
    assert list(groups(rows, "length")) == ["1 to 3 words", "11 to 20 words", "over 40 words"]


def test_the_figures_of_a_group_are_those_of_its_rows() -> None:
    rows = [row(number, speaker="Ada Bo") for number in range(FEWEST)]
    rows += [row(number + FEWEST, label="against") for number in range(FEWEST)]
    by_speaker = figures_of(rows, answers(rows, confidence=0.75), 0)["by"]["speaker"]
    assert by_speaker == {
        "known": {"n": 10, "macro_f1": 1.0, "accuracy": 1.0, "confidence": 0.75},
        "unknown": {"n": 10, "macro_f1": 0.0, "accuracy": 0.0, "confidence": 0.75},
    }


def test_the_surest_errors_come_first_and_abstentions_are_none() -> None:
    rows = [row(number, label="against", context="Yesterday: I admire the tunnel.") for number in range(4)]
    rows.append(row(4))
    given = answers(rows) | {"1": Prediction("neutral", 0.95, None), "3": Prediction(None, 0.99, None)}
    worst = worst_errors(rows, given, 2)
    assert [(one["id"], one["answer"], one["confidence"]) for one in worst] == [
        (1, "neutral", 0.95),
        (0, "favor", 0.9),
    ]
    assert worst[0]["context"] == "Yesterday: I admire the tunnel."


def test_what_was_abstained_from_is_never_accepted() -> None:
    rows = [row(number) for number in range(200)]
    assert figures_of(rows, answers(rows), 0)["accepted"]["coverage"] == 1.0
    abstained = {id_: Prediction(None, 0.9, None) for id_ in answers(rows)}
    assert figures_of(rows, abstained, 0)["accepted"]["coverage"] == 0.0


def test_what_was_not_answered_is_wrong_in_every_table() -> None:
    rows = [row(number) for number in range(FEWEST)]
    figures = figures_of(rows, {}, 5)
    assert (figures["missing"], figures["accuracy"], figures["worst"]) == (FEWEST, 0.0, [])
    assert figures["confusion"] == {"favor": {"favor": 0, "none": FEWEST}}
    assert figures["by"]["speaker"]["unknown"]["accuracy"] == 0.0
