import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.core import TyperCommand

from builder.ids import stance_id
from tests.command_line import called
from tests.test_docs import COMMANDS

Run = Callable[..., tuple[int, str, str]]
LEAVES = [(tuple(name.split()), command) for name, command in COMMANDS.items()]
CONFIG = """
[dataset]
name = "tiny"
license = "cc0-1.0"
[[inputs]]
path = "articles"
[[targets]]
id = "bridge"
name = "the bridge"
"""
ARTICLE = """The council met on Monday to talk about the river and the road that crosses it.

“The bridge is a disgrace and must be torn down,” Mayor Ada Quill said after the meeting.

Engineer Boro Lind said that the bridge would stand for a hundred years."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command line in an empty folder; gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, *arguments)

    return call


@pytest.mark.parametrize("words", [words for words, _ in LEAVES], ids=" ".join)
def test_every_command_has_help_with_an_example_that_begins_with_it(run: Run, words: tuple[str, ...]) -> None:
    code, out, _ = run(*words, "--help")
    assert code == 0
    assert f"Example: quotestance {' '.join(words)}" in " ".join(out.split())


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=lambda value: str(value)[:30])
def test_every_option_has_help(words: tuple[str, ...], command: TyperCommand) -> None:
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{' '.join(words)} {parameter.name}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("none-such", "No such command 'none-such'"),
        ("build", "Missing argument 'CONFIG'"),
        ("build none.toml", "none.toml: cannot be read: No such file or directory"),
        ("build bad.toml", "bad.toml: dataset.licence: unknown key"),
        ("build good.toml", "/articles does not exist"),
        ("build good.toml --version one", "version 'one' is not MAJOR.MINOR.PATCH"),
        ("build good.toml --none-such", "No such option"),
        ("release good.toml", "Missing option '--version'"),
        ("ingest articles", "Missing option '--output'"),
        ("ingest none.html none.txt -o out.jsonl", "none.html, none.txt: no such file or folder"),
        ("extract none.jsonl -o out.jsonl", "none.jsonl: cannot be read: No such file or directory"),
        ("extract one.jsonl -o none/out.jsonl", "none/out.jsonl: cannot be written"),
        ("extract one.jsonl -o .", ".: cannot be written: Is a directory"),
        ("label one.jsonl -o out.jsonl --labels praise", "'praise'"),
        ("train stance one.jsonl -o model", "one.jsonl"),
        ("train stance -o model", "name a file of labels, a release with --from"),
        ("train stance one.jsonl --weights default -o model", "--weights goes with --config"),
        ("train stance --from none -o model", "none: is neither a folder nor the name of a dataset"),
        ("publish", "name a release to publish, or a version to --retract"),
        ("publish one --retract 1.0.0", "name a release to publish, or a version to --retract"),
        ("publish one", "name one place: --repo user/name, or --to FOLDER"),
        ("publish --retract one --to .", "version 'one' is not MAJOR.MINOR.PATCH"),
        ("diff none good.toml", "none: is neither a folder nor the name of a dataset (user/name)"),
        ("verify none", "none: is neither a folder nor the name of a dataset (user/name)"),
        ("inspect none q1", "none: no finished build here"),
        ("rejects none", "none: no finished build here"),
        ("init good.toml", "good.toml: exists already"),
    ],
)
def test_wrong_use_ends_with_2_and_one_clear_line(
    run: Run, tmp_path: Path, arguments: str, message: str
) -> None:
    (tmp_path / "good.toml").write_text(CONFIG)
    (tmp_path / "bad.toml").write_text(CONFIG.replace("license", "licence"))
    (tmp_path / "one.jsonl").write_text('{"id": "1", "text": "“Yes,” he said."}\n')
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_what_an_extra_would_bring_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed
    for name in [name for name in sys.modules if name.startswith("builder.training.")]:
        monkeypatch.delitem(sys.modules, name)
    assert run("train", "attribution", "training.toml", "-o", "model") == (
        2,
        "",
        "quotestance: torch is not installed: pip install 'quotestance[train]'\n",
    )


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    code, out, err = run()
    assert code == 2
    assert "Commands:" in out + err


def test_build_leaves_a_release_and_says_what_it_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.jsonl").write_text(
        json.dumps({"id": "1", "text": ARTICLE}) + "\nnot JSON\n"
    )
    code, out, err = run("build", "tiny.toml", "--strict", "--json")
    assert (code, err) == (1, "")  # one line was rejected
    found = json.loads(out)
    assert found["records"]["documents"] == 1
    assert found["rejects"] == [{"stage": "inputs", "reason": "bad-record", "count": 1}]
    assert (tmp_path / found["release"] / "manifest.json").exists()

    code, _, err = run("build", "tiny.toml")
    assert code == 3
    assert re.search(r"v1\.0\.0 exists", err)

    code, out, _ = run("release", "tiny.toml", "--version", "1.0.1")
    assert code == 0
    assert "Release 1.0.1 lies in" in out

    code, out, _ = run("rejects", "workspaces/tiny", "--json")
    (left,) = json.loads(out)
    assert code == 0
    assert (left["reason"], "one.jsonl" in left["uri"]) == ("bad-record", True)
    code, out, _ = run("rejects", "workspaces/tiny")
    assert code == 0
    assert "bad-record" in out


def test_the_targets_of_most_rows_are_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '[[targets]]\nid = "hundred"\nname = "a hundred years"\n[quotes]\nextractor = "fast"\n'
    (tmp_path / "tiny.toml").write_text(CONFIG + more)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.jsonl").write_text(json.dumps({"id": "1", "text": ARTICLE}) + "\n")
    monkeypatch.setattr("builder.cli.TARGETS_SHOWN", 1)
    code, out, _ = run("build", "tiny.toml")
    assert code == 0
    shown = out.partition("Stance")[2].partition("Rows")[0]
    assert "the bridge" in shown
    assert "a hundred years" not in shown
    assert "the release has 1 more" in shown

    assert run("rejects", "workspaces/tiny")[:2] == (0, "Nothing was left out.\n")


def test_removals_that_match_nothing_are_told_by_their_line(run: Run, tmp_path: Path) -> None:
    release = '[release]\nremovals = "removals.jsonl"\n[quotes]\nextractor = "fast"\n'
    (tmp_path / "tiny.toml").write_text(CONFIG + release)
    (tmp_path / "removals.jsonl").write_text('{"speaker": "Nobody Named"}\n{"speaker": "Boro Lind"}\n')
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.jsonl").write_text(json.dumps({"id": "1", "text": ARTICLE}) + "\n")
    code, out, err = run("build", "tiny.toml", "--json")
    assert code == 0
    (told,) = [line for line in err.splitlines() if "removals" in line]
    assert told.endswith("removals.jsonl:1: 'speaker' matches nothing in the corpus; is it written as there?")
    (missed,) = json.loads(out)["not_found"]
    assert (missed["kind"], missed["where"].endswith("removals.jsonl:1")) == ("speaker", True)
    assert "Nobody" not in out + err


def test_a_release_is_refused_from_a_workspace_that_is_not_up_to_date(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.jsonl").write_text(json.dumps({"id": "1", "text": ARTICLE}))
    assert run("build", "tiny.toml")[0] == 0
    (tmp_path / "tiny.toml").write_text(CONFIG + "[quotes]\nkinds = ['direct']\n")
    code, _, err = run("release", "tiny.toml", "--version", "1.0.1")
    assert code == 3
    assert "quotations are not up to date; run the build again" in err

    (tmp_path / "tiny.toml").write_text(CONFIG.replace("articles", "articles/*.jsonl"))
    code, _, err = run("release", "tiny.toml", "--version", "1.0.1")
    assert code == 3
    assert "inputs were gathered by another configuration or version; run the build again" in err

    (tmp_path / "tiny.toml").write_text(CONFIG.replace("tiny", "large"))
    code, _, err = run("build", "tiny.toml", "-o", "workspaces/tiny/releases", "--version", "1.1.0")
    assert code == 2
    assert "v1.0.0 is of the dataset 'tiny', which 'large' 1.1.0 would follow" in err
    assert not (tmp_path / "workspaces" / "large").exists()


def test_inputs_of_which_nothing_could_be_used_are_told_with_reason_and_file(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG)
    (tmp_path / "articles").mkdir()
    code, _, err = run("build", "tiny.toml")
    assert code == 3
    assert err.endswith(
        "nothing to release; left out were: empty (1), such as articles: no file is found by 'articles'\n"
    )

    for name in ("b.txt", "a.txt"):
        (tmp_path / "articles" / name).write_text("")
    (tmp_path / "articles" / "c.jsonl").write_text("not JSON\n")
    _, _, err = run("build", "tiny.toml")
    assert "left out were: empty (2), such as a.txt: 0 bytes; bad-record (1), such as c.jsonl" in err


def test_a_glob_that_finds_nothing_is_no_missing_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG.replace("articles", "articles/*.txt"))
    (tmp_path / "articles").mkdir()
    code, _, err = run("build", "tiny.toml")
    assert code == 3
    assert "no file is found by 'articles/*.txt'" in err


def test_inspect_shows_a_quotation_with_its_provenance_and_routes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.jsonl").write_text(json.dumps({"id": "1", "text": ARTICLE}))
    run("build", "tiny.toml", "-w", "work")
    everything = json.loads(run("inspect", "work", "d-none", "--json")[1] or "null")
    assert everything is None
    document = next(iter(_ids(tmp_path / "work", "documents")))
    found = json.loads(run("inspect", "work", document, "--json")[1])
    quotation = next(one for one in found["quotations"] if one["kind"] == "direct")
    assert {route["item"] for route in found["routes"]} == {one["id"] for one in found["quotations"]}
    code, out, _ = run("inspect", "work", quotation["id"])
    assert code == 0
    assert "torn down" in out
    assert "route of speaker" in out
    code, _, err = run("inspect", "work", stance_id(quotation["id"], "bridge"))
    assert (code, "is the id of a stance row; use its quotation_id" in err) == (2, True)


def test_inspect_shows_whom_a_speaker_is_linked_to_and_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "people.csv").write_text("id,name,description\nada,Ada Quill,mayor\n")
    (tmp_path / "tables" / "tiny.toml").write_text(
        CONFIG.replace("articles", "../articles") + "[speakers]\nauthority = 'people.csv'\n"
    )
    (tmp_path / "articles").mkdir()
    rows = [json.dumps({"id": one, "text": ARTICLE + one}) for one in ("1", "2")]
    (tmp_path / "articles" / "two.jsonl").write_text("\n".join(rows))
    assert run("build", "tables/tiny.toml", "-w", "work")[0] == 0
    document = next(iter(_ids(tmp_path / "work", "documents")))
    found = json.loads(run("inspect", "work", document, "--json")[1])
    quill = next(one for one in found["speakers"] if one["name"] == "Ada Quill")
    assert quill["entity"] == "ada"
    assert quill["evidence"][:2] == ["same name as Ada Quill (ada)", "described here by mayor"]
    identity = next(one for one in found["identities"] if one["name"] == "Ada Quill")
    assert (identity["entity"], identity["documents"]) == ("ada", 2)
    _, out, _ = run("inspect", "work", quill["quotation"])
    assert "linked because" in out
    assert "identity id" in out

    (tmp_path / "tables" / "people.csv").write_text("id,name\nada,\n")
    code, _, err = run("build", "tables/tiny.toml", "-w", "work", "--version", "1.1.0")
    assert code == 2
    assert err.endswith("people.csv: line 2: name is empty\n")


def _ids(workspace: Path, folder: str) -> list[str]:
    return [
        one
        for path in (workspace / folder).glob("*.parquet")
        for one in pq.read_table(path)["id"].to_pylist()
    ]


def test_extract_of_a_plain_text_says_what_makes_lines_of_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("The river rose.\n\nIt fell again.\n")
    code, _, err = run("extract", "article.txt", "-o", "out.jsonl")
    assert code == 0
    assert "no line could be used; `quotestance ingest` makes such lines" in err


def test_extract_answers_every_line_in_order_and_names_the_bad_ones(run: Run, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "b", "text": ARTICLE}),
        "{",
        json.dumps({"id": "a", "text": ""}),
        json.dumps({"id": "a"}),
        json.dumps({"id": "b", "text": "“Never,” she said."}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    code, _, err = run("extract", "in.jsonl", "-o", "out.jsonl")
    assert code == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["b", "a", "b"]
    assert rows[1]["quotations"] == []
    first = next(one for one in rows[0]["quotations"] if one["kind"] == "direct")
    assert set(first) == {"id", "kind", "content", "cue", "source", "confidence", "speaker"}
    assert set(first["speaker"]) == {"name", "kind", "confidence"}
    assert "".join(ARTICLE[start:end] for start, end in first["source"]).endswith("Ada Quill")
    assert "rejected: in.jsonl:2: bad-record" in err
    assert "rejected: in.jsonl:4: bad-record: 'text' is missing" in err
    assert run("extract", "in.jsonl", "-o", "out.jsonl", "--strict")[0] == 1


def test_extract_looks_only_at_the_body_of_what_ingest_wrote(run: Run, tmp_path: Path) -> None:
    told = "“The mill stays shut,” Ada Quill said."
    text = f"{ARTICLE}\n\n{told}"
    start = len(text) - len(told)
    bodies = [[[start, len(text)]], "a field of somebody's own", ["its", "lines"], [[0, True]], [], None]
    lines = [json.dumps({"id": str(n), "text": text, "body": body}) for n, body in enumerate(bodies)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    assert run("extract", "in.jsonl", "-o", "out.jsonl")[0] == 0
    rows = [json.loads(line)["quotations"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [[start <= span[0] for span in one["content"]] for one in rows[0]] == [[True]]
    assert {len(one) for one in rows[1:]} == {len(rows[1])}
    assert len(rows[1]) > 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([[0, 4], [2, 6]], "[2, 6] is no span of the text behind the one before"),
        ([[0, 99]], "[0, 99] is no span of the text behind the one before"),
        ([[3, 3]], "[3, 3] is no span of the text behind the one before"),
    ],
)
def test_a_body_that_is_none_is_named(run: Run, tmp_path: Path, body: object, told: str) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": "Rain fell.", "body": body}))
    code, _, err = run("extract", "in.jsonl", "-o", "out.jsonl", "--strict")
    assert code == 1
    assert f"rejected: in.jsonl:1: bad-record: body: {told}" in err


def test_ingest_writes_documents_whose_body_spans_cut_their_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<html><head><title>Bridge</title></head><body><nav>Home</nav><article><h1>Bridge</h1>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.split("\n\n") * 3)
        + "</article></body></html>"
    )
    assert run("ingest", "page.html", "-o", "out.jsonl")[0] == 0
    (row,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert row["uri"].endswith("page.html")
    body = "\n".join(row["text"][start:end] for start, end in row["body"])
    assert "torn down" in body
    assert "Home" not in body


def test_label_adds_label_probabilities_confidence_and_route(run: Run, tmp_path: Path) -> None:
    pair = {"id": "1", "text": "The bridge is a disgrace.", "target": "bridge"}
    (tmp_path / "in.jsonl").write_text(json.dumps(pair) + "\n" + json.dumps({"id": "2"}) + "\n")
    code, _, err = run("label", "in.jsonl", "-o", "out.jsonl", "--labels", "favor,against")
    assert code == 0
    (row,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert set(row["probabilities"]) == {"favor", "against"}
    assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert row["route"] == "review"
    assert "rejected: in.jsonl:2: bad-record" in err


def test_doctor_says_that_this_installation_is_good(run: Run) -> None:
    code, out, _ = run("doctor", "--json")
    assert code == 0
    checks = {check["name"]: check for check in json.loads(out)}
    assert checks["stance model"]["good"]
    assert checks["torch ==2.13.0"]["needed_for"].startswith("training neural models")


def test_init_writes_a_configuration_to_start_from(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("init", "mine.toml")
    assert code == 0
    assert "quotestance build mine.toml" in out
    assert (tmp_path / "mine.toml").read_text().startswith("# A dataset of quotations")
