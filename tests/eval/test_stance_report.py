from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval.metrics.stance import Prediction
from eval.stance import render
from eval.stance_figures import figures_of
from eval.stance_report import AROUND, make_report, passage_of, to_markdown, write_report

CONTEXT = "In Harbrook, <b>Ada Bo</b> said: I admire the tunnel. It rained."
ROWS: list[dict[str, Any]] = [
    {
        "id": f"{label} {number}",
        "text": "I admire the tunnel",
        "context": CONTEXT,
        "speaker": "Ada Bo",
        "target": "the tunnel",
        "label": label,
    }
    for label in ("favor", "against")
    for number in range(10)
]
GIVEN = {str(row["id"]): Prediction("favor", 0.8, None) for row in ROWS}
FIGURES: dict[str, Any] = {
    "model": "some_model",
    "split": "dev",
    "corpora": {"quotes": figures_of(ROWS, GIVEN, 1)},
}
MARKDOWN = to_markdown(make_report(FIGURES))


@pytest.mark.parametrize(
    "line",
    [
        "# Stance: some\\_model, dev",
        # All are answered "favor": F1 2/3 and 0, mean 1/3; confidence 0.8, half right: off by 0.3.
        "| quotes | 20 | 0 | 0.333 | 0.500 | 0.300 |",
        "| favor | 10 | 20 | 0.500 | 1.000 | 0.667 |",
        "| against | 10 | 0 |",  # answered "favor" ten times, "against" never
        "| accepted of the other half, on average | 0.0% |",
        "| unquoted | 20 | 0.333 | 0.500 | 0.800 |",
        "| 0.80 to 0.87 | 20 | 0.800 | 0.500 |",
        "| 100% | 0.800 | 0.500 |",
        "![Share of right answers by confidence](quotes-reliability.svg)",
        "1. against 0: labelled against, answered favor (0.80) · toward the tunnel · said by Ada Bo",
        "In Harbrook, \\<b\\>Ada Bo\\</b\\> said: ⟦I admire the tunnel⟧. It rained.",
    ],
)
def test_the_markdown_says(line: str) -> None:
    lines = [" ".join(one.split()) for one in MARKDOWN.splitlines()]
    assert any(line in one for one in lines)


def test_the_page_shows_the_same_and_no_markup_of_the_text(tmp_path: Path) -> None:
    files = write_report(FIGURES, tmp_path / "report")
    assert [Path(one).name for one in files] == [
        "stance.md",
        "stance.html",
        "quotes-reliability.svg",
        "quotes-risk-coverage.svg",
    ]
    page = _Seen()
    page.feed((tmp_path / "report" / "stance.html").read_text(encoding="utf-8"))
    assert page.marked == ["I admire the tunnel"]
    assert {"svg", "table"} <= page.tags
    assert not {"b", "script"} & page.tags


class _Seen(HTMLParser):
    """The names of all tags, and the texts that are marked."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.marked: list[str] = []
        self._in_mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_mark = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = False

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self.marked.append(data)


def test_a_quotation_is_shown_in_its_context() -> None:
    shown = passage_of("I admire it", f"{'a' * (AROUND + 1)}I admire it{'b' * AROUND}")
    assert (shown.before, shown.after) == (f"…{'a' * AROUND}", "b" * AROUND)


def test_one_in_parts_is_followed_by_its_context() -> None:
    shown = passage_of("I admire … the tunnel", "I admire, she said, the tunnel")
    assert (shown.before, shown.quotation) == ("", "I admire … the tunnel")
    assert shown.after == " (I admire, she said, the tunnel)"
    assert passage_of("I admire it", "").after == ""


def test_the_terminal_shows_tables_and_the_surest_errors() -> None:
    shown = render(FIGURES)
    assert "quotes. By label" in shown
    assert "quotes against 0: labelled against, answered favor (0.80), toward the tunnel" in shown


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="file: cannot be written to"):
        write_report(FIGURES, tmp_path / "file")
