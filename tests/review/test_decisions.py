"""Reading decisions: what a line may hold, and what is said about one that may not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.records import RejectReason, Span
from builder.review.decisions import hash_of_decisions, read_decisions, value_of
from builder.review.lost import without_unknown_stances

GOOD: dict[str, Any] = {
    "item": "q1",
    "document": "d1",
    "content": [[5, 9], [12, 20]],
    "text": "Nets … torn once",
    "field": "stance:bridge",
    "after": "favor",
    "annotator": "mk",
    "at": "2024-05-02T09:31:00Z",
}

FOUND = {"item": "q1", "content": [[5, 9]], "text": "Nets", "is_one": True}
MISSED = {
    "content": [[30, 38], [12, 20]],
    "cue": [],
    "source": [],
    "text": "Boats … sunk",
    "speaker": {"name": "Odile Brandt", "kind": "person"},
}
NO_SEARCHES: list[Any] = [
    None,
    {"found": []},
    {"found": {}, "missed": []},
    {"found": [FOUND | {"is_one": 1}], "missed": []},
    {"found": [FOUND | {"text": ""}], "missed": []},
    {"found": ["q1"], "missed": []},
    {"found": [], "missed": [MISSED | {"content": []}]},
    {"found": [], "missed": [MISSED | {"speaker": "Odile Brandt"}]},
    {"found": [], "missed": [MISSED | {"note": "irony"}]},
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def lines(*changes: dict[str, Any]) -> Path:
        path = tmp_path / "decisions.jsonl"
        path.write_text("".join(json.dumps({**GOOD, **one}) + "\n" for one in changes), encoding="utf-8")
        return path

    return lines


def test_a_decision_is_read_with_what_its_quotation_is_found_by(write: Write) -> None:
    path = write({"before": "neutral", "seconds": 4.5, "note": "irony", "guideline": "1.0"})
    (one,) = read_decisions([path])
    assert (one.document, one.content, one.role) == ("d1", (Span(5, 9), Span(12, 20)), "annotator")
    assert one.text == "Nets … torn once"
    assert one.place == "decisions.jsonl:1"  # it may be published, and a folder says where somebody works
    assert one.decision.field == "stance:bridge"
    assert (value_of(one.decision.before), value_of(one.decision.after)) == ("neutral", "favor")
    assert (one.decision.annotator, one.decision.seconds, one.decision.note) == ("mk", 4.5, "irony")


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("stance:bridge", None),
        ("quotation", None),
        ("quotation", {"content": [[5, 9]], "cue": [], "source": [[0, 4]]}),
        ("speaker", {"name": "Odile Brandt", "kind": "person"}),
        ("speaker", {"name": "", "kind": "unnamed"}),
        ("article", {"found": [], "missed": []}),
        ("article", {"found": [FOUND], "missed": [MISSED | {"content": [[12, 20], [30, 38]]}]}),
    ],
)
def test_each_field_has_its_own_kind_of_value(write: Write, field: str, after: Any) -> None:
    (one,) = read_decisions([write({"field": field, "after": after})])
    assert value_of(one.decision.after) == after


def test_equal_answers_are_equal_text(write: Write) -> None:
    first, second = read_decisions(
        [
            write(
                {"field": "quotation", "after": {"content": [[5, 9], [1, 3]], "cue": [], "source": []}},
                {"field": "quotation", "after": {"source": [], "cue": [], "content": [[1, 3], [5, 9]]}},
            )
        ]
    )
    assert first.decision.after == second.decision.after
    named, spaced = read_decisions(
        [
            write(
                {"field": "speaker", "after": {"name": "Odile Brandt", "kind": "person"}},
                {"field": "speaker", "after": {"kind": "person", "name": " Odile  Brandt"}},
            )
        ]
    )
    assert named.decision.after == spaced.decision.after


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"item": ""}, "'item' must be text (got '')"),
        ({"item": "\ud800"}, "'item' must be text"),
        (
            {"field": "stance"},
            '\'field\' must be "quotation", "speaker", "stance:TARGET" or "article" (got \'stance\')',
        ),
        ({"after": 3}, "'after' must be null or a label (got 3)"),
        ({"field": "speaker", "after": None}, "'after' must be {"),
        ({"field": "speaker", "after": {"name": "B", "kind": "robot"}}, "'after' must be {"),
        ({"field": "quotation", "after": {"content": [[1, 2]]}}, "'after' must be null or {"),
        (
            {"field": "quotation", "after": {"content": [], "cue": [], "source": []}},
            "'after' must be null or {",
        ),
        ({"before": {}}, "'before' must be null or a label"),
        ({"content": []}, "'content' must be a list of at least one [start, end], none overlapping"),
        ({"content": [[3, 3]]}, "'content' must be"),
        ({"content": [[-1, 3]]}, "'content' must be"),
        ({"content": [[0, True]]}, "'content' must be"),
        ({"content": [[0, 5], [4, 8]]}, "'content' must be"),
        ({"text": " "}, "'text' must be text (got ' ')"),
        ({"at": "yesterday"}, "'at' must be an ISO 8601 time with its zone (got 'yesterday')"),
        ({"at": "2024-05-02T09:31:00"}, "'at' must be an ISO 8601 time with its zone"),
        ({"seconds": -1}, "'seconds' must be a number of seconds"),
        ({"seconds": float("nan")}, "'seconds' must be a number of seconds (got nan)"),
        ({"seconds": 10**400}, "'seconds' must be a number of seconds"),  # larger than any float
        ({"role": "chief"}, "'role' must be \"annotator\" or \"adjudicator\" (got 'chief')"),
        ({"note": 7}, "'note' must be text"),
        *(({"field": "article", "after": after}, "'after' must be {\"found\": […]") for after in NO_SEARCHES),
    ],
)
def test_a_malformed_line_is_refused_by_file_line_and_key(
    write: Write, change: dict[str, Any], told: str
) -> None:
    path = write({}, change)
    with pytest.raises(UsageError) as error:
        read_decisions([path])
    assert str(error.value).startswith(f"{path}:2: ")
    assert told in str(error.value)


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(json.dumps({name: value for name, value in GOOD.items() if name != key}))
    with pytest.raises(UsageError, match=f"decisions.jsonl:1: '{key}' is missing"):
        read_decisions([path])


@pytest.mark.parametrize("line", [b"[1]", b"{", b"\xff", b"null", b'{"item": ' + b"[" * 100_000])
def test_a_line_that_is_no_json_object_is_refused_by_its_number(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n" + line + b"\n")
    with pytest.raises(UsageError, match=r"decisions\.jsonl:2: "):
        read_decisions([path])


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_decisions([tmp_path / "nowhere.jsonl"])


def test_lines_about_one_item_agree_on_where_it_stands(write: Write) -> None:
    for change in ({"content": [[5, 9]]}, {"document": "d2"}, {"text": "Nets … torn twice"}):
        path = write({}, {"field": "speaker", "after": {"name": "", "kind": "group"}, **change})
        with pytest.raises(UsageError) as error:
            read_decisions([path])
        told = f"{path}:2: item 'q1' has another document, content or text than in {path}:1"
        assert str(error.value) == told


def test_stances_outside_the_configured_targets_and_labels_are_rejected_by_name(write: Write) -> None:
    path = write(
        {},
        {"field": "stance:tunnel"},
        {"after": "delighted"},
        {"after": None},
        {"field": "quotation", "after": None},
    )
    kept, lost = without_unknown_stances(read_decisions([path]), ["bridge"], ["favor", "against"])
    assert [one.place for one in kept] == ["decisions.jsonl:1", "decisions.jsonl:4", "decisions.jsonl:5"]
    rejects = [one.reject() for one in lost]
    assert [(one.uri, one.reason, one.detail) for one in rejects] == [
        (
            "decisions.jsonl:2",
            RejectReason.NO_SUCH_TARGET,
            "stance:tunnel of q1: the configuration has no target 'tunnel'",
        ),
        (
            "decisions.jsonl:3",
            RejectReason.BAD_RECORD,
            "stance:bridge of q1: label 'delighted' is none of favor, against",
        ),
    ]


def test_the_hash_of_decisions_is_of_what_they_say(write: Write, tmp_path: Path) -> None:
    path = write({}, {"annotator": "jo"})
    whole = hash_of_decisions(read_decisions([path]))
    elsewhere = tmp_path / "b.jsonl"
    elsewhere.write_text("\n".join(reversed(path.read_text().splitlines())))
    assert hash_of_decisions(read_decisions([elsewhere])) == whole
    for change in ({"after": "against"}, {"at": "2024-05-03T09:31:00Z"}, {"note": "irony"}):
        assert hash_of_decisions(read_decisions([write({}, {"annotator": "jo", **change})])) != whole
    assert hash_of_decisions(read_decisions([write({})])) != whole
