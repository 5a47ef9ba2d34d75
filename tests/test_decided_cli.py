"""`quotestance review export, import, adjudicate, agreement`, through the command line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builder.review.decisions import read_decisions
from builder.review.entering import submit
from builder.review.queue import claim
from builder.review.store import create_store, database_url
from tests.command_line import called
from tests.review.campaigns import campaign, items, people
from tests.review.invented import ANSWER

Run = Callable[..., tuple[int, str, str]]
AGAINST = replace(ANSWER, stances={"bridge": "against", "ferry": None})


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A campaign of two items; on the first, two people disagree about the bridge."""
    store = create_store(database_url(tmp_path, None))
    campaign(store, items(2))
    actors = people(store, mk="annotator", jo="annotator", lead="adjudicator")
    for name, content in (("mk", ANSWER), ("jo", AGAINST)):
        held = claim(store, actors[name], "main")
        assert held is not None
        submit(store, actors[name], held.lease.token, content)
    store.close()
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], workspace: Path) -> Run:
    """Runs `quotestance review COMMAND WORKSPACE …`; gives exit code, output and errors."""
    monkeypatch.chdir(workspace)

    def call(command: str, *arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, "review", command, str(workspace), *arguments)

    return call


def test_what_is_exported_can_be_imported_and_is_known(run: Run) -> None:
    for form in ("own", "labelstudio", "doccano", "prodigy"):
        code, out, _ = run("export", "-o", form, "--format", form, "--json")
        assert (code, json.loads(out)["answers"]) == (0, 2)
        code, out, _ = run("import", form, "--format", form, "--strict", "--json")
        assert (code, json.loads(out)) == (
            0,
            {"entered": 0, "known": 2, "withdrawn": 0, "late": 0, "rejected": 0},
        )
    assert len(read_decisions([Path("own")])) == 8  # two answers of four fields


def test_an_export_for_label_studio_comes_with_its_interface(run: Run) -> None:
    code, out, _ = run(
        "export", "-o", "t.json", "--format", "labelstudio", "--interface", "i.xml", "--unanswered"
    )
    assert code == 0
    assert "2 items with 2 answers written to t.json" in out
    assert "not held by the form labelstudio: guideline (2)" in out
    assert '<Choices name="stance-bridge"' in Path("i.xml").read_text(encoding="utf-8")


def test_what_cannot_be_imported_is_named_and_strict_says_so(run: Run) -> None:
    Path("bad.jsonl").write_text("no json\n", encoding="utf-8")
    code, out, err = run("import", "bad.jsonl", "--format", "prodigy")
    assert (code, "1 rejected" in out) == (0, True)
    assert "rejected: bad.jsonl:1: bad-record: is not a JSON object" in err
    code, _, _ = run("import", "bad.jsonl", "--format", "prodigy", "--strict")
    assert code == 1


def test_a_disagreement_is_shown_and_settled(run: Run) -> None:
    code, out, _ = run("adjudicate", "--json")
    (found,) = json.loads(out)
    assert (code, found["field"], found["state"]) == (0, "stance:bridge", "open")
    number = str(found["item"])
    settled = ("adjudicate", "--item", number, "--take", "jo", "--by", "lead", "--reason", "irony")
    assert run(*settled)[0] == 0
    assert json.loads(run("adjudicate", "--json")[1]) == []
    (found,) = json.loads(run("adjudicate", "--all", "--json")[1])
    assert (found["state"], found["rulings"][0]["reason"]) == ("settled", "irony")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--item", "1"], 2, "--item needs --take and --by"),
        (["--item", "1", "--take", "li", "--by", "lead"], 2, "--take: li has no answer to item 1"),
        (["--item", "99", "--take", "jo", "--by", "lead"], 3, "there is no item 99"),
        (["--item", "1", "--take", "jo", "--by", "lead"], 3, "a reason for the ruling is missing"),
        (["--item", "1", "--take", "jo", "--by", "mk", "--reason", "x"], 3, "only an adjudicator settles"),
        (["--campaign", "second"], 3, "there is no campaign 'second'"),
    ],
)
def test_what_cannot_be_settled_is_said_in_one_line(
    run: Run, arguments: list[str], code: int, told: str
) -> None:
    found, _, err = run("adjudicate", *arguments)
    assert (found, len(err.splitlines())) == (code, 1)
    assert told in err


def test_agreement_is_told_to_people_and_to_programs(run: Run) -> None:
    code, out, _ = run("agreement", "--json")
    assert code == 0
    fields = {one["field"]: one for one in json.loads(out)["quality"]["fields"]}
    assert fields["stance:bridge"]["nominal"]["items"] == 1
    assert fields["speaker"]["nominal"]["undefined"].startswith("only one label occurs")
    code, out, _ = run("agreement")
    assert (code, "Krippendorff's alpha" in out, "Anchoring" in out) == (0, True, True)


def test_a_workspace_without_a_review_is_told_what_to_do(run: Run, workspace: Path) -> None:
    (workspace / "review.sqlite").unlink()
    code, _, err = run("agreement")
    assert code == 2
    assert "no review database here; run: quotestance review init CONFIG" in err
