import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.records import Probability, Span
from builder.review.learning import aggregating
from builder.stance.examples import StanceExample, content_hash, read_labelled, to_example

LABELS = ("favor", "against", "neutral")
GOOD: dict[str, Any] = {"id": "1", "text": "It is fine", "target": "Coy", "label": "favor"}


def file_of(folder: Path, *lines: str) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_speaker_and_context_may_be_absent_or_null(tmp_path: Path) -> None:
    full = GOOD | {"id": "2", "speaker": "Dora", "context": "It is fine, she said", "more": 1}
    empty = GOOD | {"id": "3", "speaker": None, "context": None}
    path = file_of(tmp_path, json.dumps(GOOD), "", json.dumps(full), json.dumps(empty), "")
    assert [one.example for one in read_labelled(path, LABELS)] == [
        StanceExample("It is fine", "Coy"),
        StanceExample("It is fine", "Coy", "Dora", "It is fine, she said"),
        StanceExample("It is fine", "Coy"),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is not a JSON object: line contains invalid json"),
        ("[" * 100_000, "is not a JSON object: nested too deeply"),
        ("[1]", "is not a JSON object: line does not match requested type"),
        (json.dumps(GOOD | {"id": 7}), "`id` must be a string that is not empty (got 7)"),
        (json.dumps(GOOD | {"id": "0", "label": "against"}), "id '0' is another example in line 1"),
        (json.dumps(GOOD | {"mention": [0, 99]}), "`mention` must be [start, end] within the text"),
        (json.dumps(GOOD | {"mention": "It"}), "`mention` must be [start, end] within the text (got 'It')"),
        (json.dumps({"id": "1", "target": "Coy", "label": "favor"}), "`text` is missing"),
        (json.dumps(GOOD | {"text": " "}), "`text` must be a string that is not blank (got ' ')"),
        (json.dumps(GOOD | {"target": ["Coy"]}), "`target` must be a string that is not blank (got ['Coy'])"),
        (json.dumps(GOOD | {"speaker": 3}), "`speaker` must be a string (got 3)"),
        (json.dumps(GOOD | {"label": "pro"}), "`label` must be one of favor, against, neutral (got 'pro')"),
        (json.dumps(GOOD | {"label": "x" * 500}), "xxx..."),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, line: str, problem: str) -> None:
    path = file_of(tmp_path, json.dumps(GOOD | {"id": "0"}), line)
    with pytest.raises(UsageError) as error:
        read_labelled(path, LABELS)
    assert f"{path}:2: " in str(error.value)
    assert problem in str(error.value)
    assert len(str(error.value)) < 400


def test_what_is_said_twice_under_one_id_is_read_once(tmp_path: Path) -> None:
    path = file_of(tmp_path, json.dumps(GOOD), json.dumps(GOOD), json.dumps(GOOD | {"id": "2"}))
    assert len(read_labelled(path, LABELS)) == 2


def test_a_mention_is_a_span_of_the_text() -> None:
    assert to_example(GOOD | {"mention": [0, 2]}).mentions == (Span(0, 2),)
    assert to_example(GOOD | {"mention": None}).mentions == ()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.jsonl: cannot be read: No such file"):
        read_labelled(tmp_path / "none.jsonl", LABELS)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(UsageError, match=r"is not UTF-8 \(byte 8\)"):
        read_labelled(tmp_path / "latin.jsonl", LABELS)


def test_the_hash_is_of_what_the_examples_say_and_not_of_the_file(tmp_path: Path) -> None:
    first = read_labelled(file_of(tmp_path, json.dumps(GOOD)), LABELS)
    same = read_labelled(file_of(tmp_path, "", json.dumps(GOOD | {"id": "other"}, indent=None)), LABELS)
    other = read_labelled(file_of(tmp_path, json.dumps(GOOD | {"label": "against"})), LABELS)
    assert content_hash(first) == content_hash(same) != content_hash(other)
    marked = read_labelled(file_of(tmp_path, json.dumps(GOOD | {"mention": [0, 2]})), LABELS)
    assert content_hash(first) != content_hash(marked)


def test_a_row_without_a_text_is_no_example() -> None:
    with pytest.raises(ValueError, match="`text` is missing"):
        to_example({"target": "Coy"})


DAM = {"text": "It will hold.", "target": "the dam"}


def votes(*answers: str) -> dict[str, str]:
    return {f"worker {number}": answer for number, answer in enumerate(answers)}


def test_votes_of_several_people_give_each_label_its_share(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a",
            "text": "It will hold.",
            "target": "the dam",
            "votes": votes("favor", "favor", "against", "favor"),
        },
        {"id": "b", "text": "It is a dam.", "target": "the dam", "votes": votes("neutral", "neutral")},
        {"id": "c", "text": "It leaks.", "target": "the dam", "label": "against"},
    ]
    path = file_of(tmp_path, *map(json.dumps, rows))
    first, second, third = read_labelled(path, LABELS)
    assert first.label == "favor"
    assert first.shares == (Probability("favor", 0.75), Probability("against", 0.25))
    assert (second.label, second.shares) == ("neutral", ())  # they agree
    assert (third.label, third.shares) == ("against", ())


def test_what_votes_come_to_can_be_chosen_and_a_tie_is_no_majority(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "It will hold.", "target": "the dam", "votes": votes("favor", "against")},
        {
            "id": "b",
            "text": "It is a dam.",
            "target": "the dam",
            "votes": votes("neutral", "neutral", "favor"),
        },
    ]
    path = file_of(tmp_path, *map(json.dumps, rows))
    (only,) = read_labelled(path, LABELS, aggregating("majority"))
    assert (only.example.text, only.label, only.shares) == ("It is a dam.", "neutral", ())
    assert len(read_labelled(path, LABELS, aggregating("votes"))) == 2
    believed = read_labelled(path, LABELS, aggregating("dawid-skene"))
    assert believed[1].label == "neutral"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"votes": {}}, "`votes` must be an object of labels by annotator"),
        ({"votes": ["favor"]}, "`votes` must be an object of labels by annotator"),
        ({"votes": {"mk": "maybe"}}, "`label` must be one of favor, against, neutral"),
        ({"votes": {"mk": "favor"}, "label": "favor"}, "has a `label` and `votes`"),
    ],
)
def test_votes_that_are_none_are_refused_with_the_line(
    row: dict[str, Any], error: str, tmp_path: Path
) -> None:
    path = file_of(tmp_path, json.dumps(DAM | {"id": "a"} | row))
    with pytest.raises(UsageError, match=f"labels.jsonl:1: {error}"):
        read_labelled(path, LABELS)
