import argparse
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval import attribution
from eval.errors import Outcome, outcomes_of
from eval.errors_report import make_report, to_html, to_markdown, write_report

TEXT = "Brandt said it was late. Okoro hopes to stay. It rained."
#       0      7    12          25    31    37


def outcomes(text: str = TEXT, **more: Any) -> list[Outcome]:
    gold = [
        {"id": "a", "source": [[0, 6]], "cue": [[7, 11]], "content": [[12, 23]]},
        {"id": "b", "source": [[25, 30]], "cue": [[31, 36]], "content": [[37, 44]]},
    ]
    ours = [
        {"source": [[25, 30]], "cue": [[7, 11]], "content": [[12, 18]], "confidence": 0.7512},
        {"content": [[46, 55]], "confidence": 0.1},
    ]
    document = {"id": "one", "publisher": "The Herald", "text": text, "attributions": gold, **more}
    return outcomes_of([document], {document["id"]: ours})


MARKDOWN = to_markdown(make_report("rules on dev", outcomes(), 5))


@pytest.mark.parametrize(
    "line",
    [
        "# Errors: rules on dev",
        "## By type of source",
        "| all |         2 | 1 (50.0 %) | 1 (50.0 %) | 1 (100.0 %)"
        "            | 1 (100.0 %) |         2 | 1 (50.0 %) |",
        "## Wrong boundary: 1",
        "Too little: 1.",
        "### 1. one",
        "The Herald · indirect · 1 to 3 words · source: name · too little",
        "- annotated: ⟦source: Brandt⟧ ⟦cue: said⟧ ⟦content: it was ⟧⟦content, only here: late⟧."
        " Okoro hopes to stay. It rained.",
        "- predicted (confidence 0.75): Brandt ⟦cue: said⟧ ⟦content: it was⟧ late."
        " ⟦source: Okoro⟧ hopes to stay. It rained.",
        "The Herald · indirect · 1 to 3 words · source: name · nothing predicted there",
        "- annotated: Brandt said it was late. ⟦source: Okoro⟧ ⟦cue: hopes⟧ ⟦content: to stay⟧. It rained.",
        "- predicted: nothing",
        "The Herald · indirect · 1 to 3 words · source: none · nothing annotated there",
        "- annotated: nothing",
        "- predicted (confidence 0.10): Brandt said it was late. Okoro hopes to stay. ⟦content: It rained⟧.",
    ],
)
def test_the_markdown_says(line: str) -> None:
    lines = [" ".join(one.split()) for one in MARKDOWN.splitlines()]
    assert " ".join(line.split()) in lines


@pytest.mark.parametrize("number", [0, 1])
def test_only_so_many_cases_are_shown(number: int) -> None:
    report = make_report("x", outcomes(), number)
    assert [len(section.cases) for section in report.sections] == [number] * 4
    assert [section.count for section in report.sections] == [1, 1, 1, 1]


class Page(HTMLParser):
    """The tags and the text of a page; what a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_marks_roles_by_name_and_differences_too() -> None:
    page = Page(to_html(make_report("rules on dev", outcomes(), 5)))
    for said in ("sourceBrandt", "cuesaid", "contentit was only herelate", "confidence 0.75", "too little"):
        assert said in page.text
    assert ("mark", {"class": "content differs"}) in page.tags


def test_the_html_needs_nothing_else() -> None:
    page = Page(to_html(make_report("x", outcomes(), 5)))
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in page.tags)


HOSTILE = "<script>alert(1)</script> </dd> & \" ' ⟦content: x⟧ | # `*_ \u202e\u2028"


def test_hostile_text_stays_text() -> None:
    text = TEXT[:37] + "to stay" + HOSTILE + TEXT[44:]
    report = make_report(HOSTILE, outcomes(text, publisher=HOSTILE, id=HOSTILE), 5)
    page = Page(to_html(report))
    calm = Page(to_html(make_report("x", outcomes(), 5)))
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in calm.tags}
    assert "<script>alert(1)</script>" in page.text
    markdown = to_markdown(report)
    assert "<script" not in markdown.replace("\\<", "")
    passages = [line for line in markdown.split("\n") if line.startswith("- ")]
    assert not any("⟦content: x⟧" in line for line in passages)
    assert any("[content: x]" in line.replace("\\", "") for line in passages)
    # every line is one of the report's own
    starts = (
        *("#", "|", "- annotated", "- predicted", "\\<script"),
        *("Each case", "Annotated", "Predicted", "Found", "Nothing", "Another", "Too"),
    )
    assert [line for line in markdown.split("\n") if line and not line.startswith(starts)] == []


def test_what_cannot_be_written_is_replaced(tmp_path: Path) -> None:
    written = write_report("x", outcomes(TEXT + " \ud800"), 5, tmp_path / "new" / "folder")
    assert written["files"] == [
        str(tmp_path / "new" / "folder" / f"errors.{form}") for form in ("md", "html")
    ]
    assert all("rained" in Path(path).read_text(encoding="utf-8") for path in written["files"])


def test_the_counts_are_returned(tmp_path: Path) -> None:
    written = write_report("x", outcomes(), 0, tmp_path)
    assert written["ways"]["wrong source"] == {"another one": 1}
    assert written["by"]["all"]["all"] == {
        "found": 1, "gold": 2, "missed": 1, "wrong boundary": 1, "wrong source": 1,
        "predicted": 2, "spurious": 1,
    }  # fmt: skip
    json.dumps(written)


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written to"):
        write_report("x", outcomes(), 1, tmp_path / "file" / "folder")


def test_the_command_writes_both_files_the_same_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, predictions = tmp_path / "polnear" / "dev.jsonl", tmp_path / "ours.jsonl"
    corpus.parent.mkdir()
    annotated = {"id": "a", "source": [], "cue": [], "content": [[12, 23]]}
    corpus.write_text(json.dumps({"id": "one", "text": TEXT, "attributions": [annotated]}))
    predictions.write_text(json.dumps({"id": "one", "quotations": [{"content": [[12, 18]]}]}))
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    parser = argparse.ArgumentParser()
    attribution.add_arguments(parser)
    reports = []
    for name in ("first", "second"):
        options = ["--predictions", str(predictions), "--errors", "2", "--errors-to", str(tmp_path / name)]
        figures: dict[str, Any] = attribution.run(parser.parse_args(options))
        assert figures["errors"]["ways"]["wrong boundary"] == {"too little": 1}
        assert "missed" not in figures  # which would be a floor's
        reports.append([Path(path).read_bytes() for path in figures["errors"]["files"]])
    assert reports[0] == reports[1]
