"""Exchange: what goes out comes back, what a form cannot hold is counted, what is hostile is refused."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.records import Reject, Span
from builder.review.decisions import read_decisions
from builder.review.exchange import doccano, labelstudio, own, prodigy
from builder.review.exchange.exchanged import WHOLE_ARTICLES, Answered, Form, Unsaid
from builder.review.items import Duplicate, Entry, Item, QuotationAnswer, SpeakerName
from tests.review.invented import (
    ANSWER,
    ARTICLE,
    BOUNDARIES,
    ENTRIES,
    ITEM,
    SEARCHED,
    TEXT,
    entry,
    search,
    span,
)

FORMS: dict[str, Form] = {"labelstudio": labelstudio, "doccano": doccano, "prodigy": prodigy, "own": own}
UNSAID = Unsaid(at="2024-06-01T00:00:00+00:00")


def find(key: str) -> Item | None:
    return {ITEM.key: ITEM, SEARCHED.key: SEARCHED}.get(key)


def there_and_back(form: Form, path: Path, *entries: Entry, unsaid: Unsaid = UNSAID) -> list[Entry | str]:
    form.write(path, [(ITEM, entries)])
    return read(form, path, unsaid)


def read(form: Form, path: Path, unsaid: Unsaid = UNSAID) -> list[Entry | str]:
    return [
        one.entry if isinstance(one, Answered) else f"{one.uri}: {one.detail}"
        for one in form.read(path, find, unsaid)
    ]


@pytest.mark.parametrize(
    ("form", "lost"),
    [
        ("prodigy", {}),
        ("doccano", {}),
        ("labelstudio", {"guideline": "", "hidden": False}),
    ],
)
def test_every_entry_comes_back_but_for_what_the_form_cannot_hold(
    tmp_path: Path, form: str, lost: dict[str, Any]
) -> None:
    found = there_and_back(FORMS[form], tmp_path / "out", *ENTRIES)
    assert found == [replace(one, **lost) for one in ENTRIES]


def test_our_own_form_holds_decisions_and_no_more(tmp_path: Path) -> None:
    found = there_and_back(own, tmp_path / "out", *ENTRIES)
    kept = [one for one in ENTRIES if one.kind != "skip"]
    assert found == [replace(one, flagged=False, hidden=False) for one in kept]
    written = own.write(tmp_path / "out", [(ITEM, ENTRIES)])
    assert written.left_out == {"skips": 1, "flags": 1, "hidden suggestions": 1}
    assert (written.items, written.answers) == (1, 4)


def test_what_label_studio_cannot_hold_is_counted(tmp_path: Path) -> None:
    written = labelstudio.write(tmp_path / "out", [(ITEM, ENTRIES), (ARTICLE, [])])
    assert written.left_out == {"guideline": 5, "hidden suggestion": 1, WHOLE_ARTICLES: 1}
    assert (written.items, written.answers) == (1, 5)


def test_what_doccano_cannot_hold_is_counted(tmp_path: Path) -> None:
    long = replace(ANSWER, speaker=SpeakerName("Ada " * 30 + "Quill", "person"))
    written = doccano.write(tmp_path / "out", [(ITEM, [entry(), entry(long, annotator="jo")])])
    assert written.left_out == {doccano.LONG_NAME: 1}
    assert (written.items, written.answers) == (1, 1)


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"own"}))
def test_targets_may_be_called_as_other_choices_are(tmp_path: Path, form: str) -> None:
    item = replace(ITEM, targets=tuple(replace(ITEM.targets[0], id=name) for name in ("speaker", "kind")))
    given = entry(replace(ANSWER, stances={"speaker": "favor", "kind": None}))
    FORMS[form].write(tmp_path / "out", [(item, [given])])
    (found,) = FORMS[form].read(tmp_path / "out", lambda _: item, UNSAID)
    assert isinstance(found, Answered)
    assert found.entry.content == given.content


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"own"}))
def test_whole_articles_are_left_out_and_counted(tmp_path: Path, form: str) -> None:
    written = FORMS[form].write(tmp_path / "out", [(ARTICLE, []), (ITEM, [entry()])])
    assert written.left_out[WHOLE_ARTICLES] == 1
    assert written.items == 1


def test_our_own_form_holds_what_people_found_in_whole_articles(tmp_path: Path) -> None:
    answers = [
        entry(search("“and cheap.”"), item=SEARCHED.id),
        entry(search(found=False), annotator="jo", item=SEARCHED.id),
        entry(search("flew 🇳🇴"), "ruling", "lead", reason="said of the flag", item=SEARCHED.id),
    ]
    written = own.write(tmp_path / "out", [(SEARCHED, answers)])
    assert (written.items, written.answers, written.left_out) == (1, 3, {})
    assert read(own, tmp_path / "out") == answers


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_tool_gets_offsets_in_the_units_that_it_counts_in(tmp_path: Path) -> None:
    words = "“and cheap.”"
    points = (TEXT.index(words), TEXT.index(words) + len(words))
    assert points == (79, 91)
    units = tuple(len(TEXT[:at].encode("utf-16-le")) // 2 for at in points)
    assert units == (83, 95)  # 🚢, 🌉 and the two halves of 🇳🇴 are a surrogate pair each
    labelstudio.write(tmp_path / "ls", [(ITEM, [entry()])])
    (task,) = json.loads((tmp_path / "ls").read_text(encoding="utf-8"))
    regions = [one["value"] for one in task["annotations"][0]["result"] if one["type"] == "labels"]
    assert [(one["start"], one["end"]) for one in regions if one["text"] == words] == [points]
    doccano.write(tmp_path / "dc", [(ITEM, [entry()])])
    (line,) = lines(tmp_path / "dc")
    assert [*units, "content"] in line["entities"]
    prodigy.write(tmp_path / "pr", [(ITEM, [entry()])])
    (line,) = lines(tmp_path / "pr")
    assert {"start": points[0], "end": points[1], "label": "content"} in line["spans"]


def test_label_studios_words_decide_where_offsets_count_code_units(tmp_path: Path) -> None:
    labelstudio.write(tmp_path / "out", [(ITEM, [entry()])])
    (task,) = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    for result in task["annotations"][0]["result"]:
        if result["type"] == "labels":
            for end in ("start", "end"):
                at = result["value"][end]
                result["value"][end] = len(TEXT[:at].encode("utf-16-le")) // 2
    (tmp_path / "out").write_text(json.dumps([task]), encoding="utf-8")
    (back,) = read(labelstudio, tmp_path / "out")
    assert isinstance(back, Entry)
    assert back.content == ANSWER


@pytest.mark.parametrize("form", ["labelstudio", "doccano", "prodigy"])
def test_an_item_that_nobody_answered_goes_out_with_the_machines_boundaries(
    tmp_path: Path, form: str
) -> None:
    written = FORMS[form].write(tmp_path / "out", [(ITEM, [])])
    assert (written.items, written.answers) == (1, 0)
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert '"cue"' in text
    assert [one for one in read(FORMS[form], tmp_path / "out") if isinstance(one, Entry)] == []


def test_one_person_can_be_named_for_a_whole_file(tmp_path: Path) -> None:
    for name, form in FORMS.items():
        found = there_and_back(form, tmp_path / name, entry(), unsaid=Unsaid(UNSAID.at, "noor"))
        assert [one.annotator for one in found if isinstance(one, Entry)] == ["noor"], name


def test_what_label_studios_people_can_enter_besides_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "out"
    labelstudio.write(path, [(ITEM, [entry(note="first\nsecond")])])
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    result = task["annotations"][0]["result"]
    (note,) = [one for one in result if one["from_name"] == "note"]
    note["value"]["text"] = ["first", "second"]
    result += [
        {"from_name": "reason", "to_name": "text", "type": "textarea", "value": {"text": []}},
        {"type": "relation", "from_id": "content-1", "to_id": "cue-1", "direction": "right"},
        {
            "from_name": "stance-tunnel",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": ["cannot tell"]},
        },
    ]
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert read(labelstudio, path) == [replace(entry(note="first\nsecond"), guideline="")]


def test_people_of_label_studio_are_told_by_address_or_number(tmp_path: Path) -> None:
    labelstudio.write(tmp_path / "out", [(ITEM, [entry(annotator="mk")])])
    (task,) = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    (annotation,) = task["annotations"]
    annotation["result"] = [one for one in annotation["result"] if one["from_name"] != "annotator"]
    for completed_by, name in (({"email": "mk@news.example"}, "mk@news.example"), (3, "labelstudio-3")):
        annotation["completed_by"] = completed_by
        (tmp_path / "out").write_text(json.dumps([task]), encoding="utf-8")
        (back,) = read(labelstudio, tmp_path / "out")
        assert isinstance(back, Entry)
        assert back.annotator == name


def test_prodigys_own_time_is_taken_where_there_is_no_other(tmp_path: Path) -> None:
    prodigy.write(tmp_path / "out", [(ITEM, [entry()])])
    (line,) = lines(tmp_path / "out")
    del line["at"]
    (tmp_path / "out").write_text(json.dumps(line), encoding="utf-8")
    (back,) = read(prodigy, tmp_path / "out")
    assert isinstance(back, Entry)
    assert back.at == "2024-05-02T09:31:00+00:00"


def test_a_duplicate_gets_the_decisions_of_its_item(tmp_path: Path) -> None:
    copied = replace(ITEM, duplicates=(Duplicate("q2", "d2", (Span(5, 28),)),))
    own.write(tmp_path / "out", [(copied, [entry()])])
    decided = [(one.decision.item, one.decision.field) for one in read_decisions([tmp_path / "out"])]
    assert ("q1", "stance:bridge") in decided
    assert ("q2", "stance:bridge") in decided
    assert ("q2", "speaker") in decided


def test_what_comes_back_of_a_duplicate_comes_with_its_item(tmp_path: Path) -> None:
    copied = replace(ITEM, duplicates=(Duplicate("q2", "d2", (Span(5, 28),)),))
    own.write(tmp_path / "out", [(copied, [entry()])])
    back = list(own.read(tmp_path / "out", {"q1": copied}.get, UNSAID))
    assert [one.entry for one in back if isinstance(one, Answered)] == [entry()]
    assert len(back) == 1
    # Where nothing says whose duplicate it is, it is no item of the campaign.
    (_, refused) = read(own, tmp_path / "out")
    assert "no item of this campaign is the quotation 'q2'" in str(refused)


Break = Callable[[Any], Any]


def put(*path: str | int, value: Any) -> Break:
    """A change of what a file holds: `value` at a path of keys and indices."""

    def change(parsed: Any) -> Any:
        inner = parsed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        return parsed

    return change


HOSTILE: list[tuple[str, Break, str]] = [
    ("labelstudio", put(0, "data", "text", value="other"), "the text is not the one that is shown with q1"),
    ("labelstudio", put(0, "data", "item", value="q9"), "no item of this campaign is the quotation 'q9'"),
    ("labelstudio", put(0, "data", value=3), "`data` must be an object (got 3)"),
    ("labelstudio", put(0, "annotations", value={}), "`annotations` must be a list of objects (got {})"),
    ("labelstudio", put(0, "annotations", 0, "result", value="x"), "`result` must be a list of objects"),
    ("labelstudio", put(0, "annotations", 0, "lead_time", value=10**400), "`lead_time` must be a number"),
    ("labelstudio", put(0, "annotations", 0, "created_at", value="now"), "the time 'now' is no ISO 8601"),
    (
        "labelstudio",
        put(0, "annotations", 0, "result", 0, "value", "text", value=[" "]),
        "the annotator is not",
    ),
    ("labelstudio", put(0, value=[]), "is not a JSON object"),
    ("prodigy", put("spans", value=[{"start": 0, "end": 10**9, "label": "content"}]), "lies outside"),
    ("prodigy", put("spans", value=[{"start": 4, "end": 2, "label": "content"}]), "lies outside"),
    ("prodigy", put("spans", value=[{"start": True, "end": 2, "label": "content"}]), "must be an offset"),
    ("prodigy", put("spans", value=[{"start": 0, "end": 2, "label": "verb"}]), "'verb' is none of"),
    ("prodigy", put("spans", value=[]), "no region is marked as content"),
    (
        "prodigy",
        put("spans", value=[{"start": at, "end": at + 5, "label": "content"} for at in (0, 3)]),
        "regions of content overlap",
    ),
    ("prodigy", put("accept", value=["bridge=favor", "bridge=against"]), "two answers were chosen"),
    ("prodigy", put("accept", value=["kind=robot"]), "the kind of speaker is 'robot'"),
    ("prodigy", put("answer", value="maybe"), "`answer` must be one of accept, reject, ignore"),
    ("prodigy", put("meta", value={"item": {"$ne": 1}}), "no item of this campaign is the quotation"),
    ("doccano", put("entities", value=[[11, 14, "content"]]), "is not between two characters"),
    ("doccano", put("entities", value=[[1, 2]]), "an entity must be [start, end, label] (got [1, 2])"),
    ("doccano", put("cats", value=[]), "has no categories: nobody answered it"),
    ("doccano", put("cats", value=[3]), "`cats` must be a list of texts (got [3])"),
    ("doccano", put("annotator", value=None), "the annotator is not named"),
    ("doccano", put("annotator", value="m\0k"), "a null character or half a surrogate pair: 'm\\x00k'"),
    ("doccano", put("note", value="\ud800"), "half a surrogate pair: '\\ud800'"),
    ("doccano", put("item", value="q\0"), "no item of this campaign is the quotation 'q\\x00'"),
    ("doccano", put("guideline", value="1" * 51), "version has more than 50 characters"),
    ("prodigy", put("speaker", value="Ada \udc00"), "half a surrogate pair"),
    ("prodigy", put("at", value="0001-01-01T00:00:00+14:00"), "is no ISO 8601 time"),
    ("prodigy", put("at", value=7), "`at` must be text"),
]


@pytest.mark.parametrize(("form", "change", "told"), HOSTILE, ids=[one[2] for one in HOSTILE])
def test_what_is_wrong_is_refused_by_file_and_line(
    tmp_path: Path, form: str, change: Break, told: str
) -> None:
    path = tmp_path / "upload"
    FORMS[form].write(path, [(ITEM, [entry()])])
    changed = change(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(changed), encoding="utf-8")
    (problem,) = read(FORMS[form], path)
    assert isinstance(problem, str)
    assert problem.startswith("upload:1: ")
    assert told in problem


def test_one_bad_line_does_not_keep_the_others_out(tmp_path: Path) -> None:
    for name in ("doccano", "prodigy"):
        path = tmp_path / name
        FORMS[name].write(path, [(ITEM, [entry(), entry(annotator="jo")])])
        first, second = path.read_text(encoding="utf-8").splitlines()
        path.write_text(f"{first}\nnot json\n{second}\n", encoding="utf-8")
        kinds = [type(one) for one in FORMS[name].read(path, find, UNSAID)]
        assert kinds == [Answered, Reject, Answered]


def test_decisions_that_do_not_cover_an_item_are_refused(tmp_path: Path) -> None:
    own.write(tmp_path / "all", [(ITEM, [entry()])])
    decided = lines(tmp_path / "all")
    for left_out in ("quotation", "speaker"):
        path = tmp_path / left_out
        path.write_text("".join(json.dumps(one) + "\n" for one in decided if one["field"] != left_out))
        (problem,) = read(own, path)
        assert problem == f"{left_out}:3: {left_out}: is not decided"


def test_a_malformed_file_of_our_own_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text('{"item": "q1"}\n')
    (problem,) = read(own, tmp_path / "bad")
    assert isinstance(problem, str)
    assert "bad:1: 'document' is missing" in problem


def test_an_export_streams(tmp_path: Path) -> None:
    held: set[int] = set()
    most = 0

    def many() -> Iterator[tuple[Item, list[Entry]]]:
        nonlocal most
        for number in range(50):
            made = [entry(annotator=f"a{number}")]
            held.add(number)
            most = max(most, len(held))
            yield ITEM, made
            held.discard(number)

    for name, form in FORMS.items():
        written = form.write(tmp_path / name, many())
        assert (written.items, written.answers) == (50, 50)
    assert most == 1


def test_nothing_appears_where_an_export_fails(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[Item, list[Entry]]]:
        yield ITEM, [entry()]
        raise UsageError("the database went away")

    for name, form in FORMS.items():
        with pytest.raises(UsageError):
            form.write(tmp_path / name, broken())
    assert list(tmp_path.iterdir()) == []


def test_not_a_quotation_has_no_spans_anywhere(tmp_path: Path) -> None:
    for name, form in FORMS.items():
        (back,) = there_and_back(form, tmp_path / name, entry(QuotationAnswer(None)))
        assert isinstance(back, Entry)
        assert back.content == QuotationAnswer(None)


def test_spans_are_those_of_the_document(tmp_path: Path) -> None:
    (back,) = there_and_back(prodigy, tmp_path / "out", entry())
    assert isinstance(back, Entry)
    assert isinstance(back.content, QuotationAnswer)
    assert back.content.quotation == BOUNDARIES
    assert span("said") == BOUNDARIES.cue[0]
