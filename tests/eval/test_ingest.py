import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import UsageError
from builder.lines import read_objects
from eval import ingest
from eval.data import data_folder
from eval.metrics.ingest import page_figures, quotations, score, shingles

DATA = data_folder()
SCORER = DATA.parent / "score" / "ingest.py" if DATA is not None else Path("none")

needs_corpora = pytest.mark.skipif(DATA is None, reason="the corpora are not on this machine")
needs_scorer = pytest.mark.skipif(not SCORER.is_file(), reason="the scorer is not on this machine")

# The words differ from page to page, so that few shingles are shared by chance.
GOLD = {
    "a": "One two three four five. “Six seven eight,” he said.",
    "b": "Alpha beta gamma delta.\n«Epsilon zeta eta theta»",
    "c": "Never answered “at all I say”",
}
PREDICTED = {
    "a": "one TWO three four five. And six seven eight he said “not in gold at all”",
    "b": "Alpha beta gamma delta.\n«Epsilon zeta eta theta»",
}


def arguments(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    ingest.add_arguments(parser)
    return parser.parse_args(options)


def test_shingles_are_runs_of_four_words() -> None:
    assert shingles("One two, three four FIVE") == {
        ("one", "two", "three", "four"): 1,
        ("two", "three", "four", "five"): 1,
    }
    assert shingles("Too short") == {("too", "short"): 1}
    assert shingles("…") == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Six seven eight,” he said", ["six seven eight"]),
        ('"Don’t do it"', ["don t do it"]),
        ("„eins zwei drei“", []),  # closes with another mark than the three that count
        ("«un deux trois»", ["un deux trois"]),
        ("“two words”", []),
        ("“over the\nline end”", []),
        ("“outer “inner words here” outer”", ["inner words here"]),
    ],
)
def test_quotations_of_three_words_between_double_marks(text: str, found: list[str]) -> None:
    assert quotations(text) == found


def test_the_figures_of_a_page_by_hand() -> None:
    # gold has ten words, so 7 shingles; the prediction sixteen, so 13; in common are the two of
    # "one two three four five" and the two of "six seven eight he said"
    figures = page_figures(GOLD["a"], PREDICTED["a"])
    assert (figures.precision, figures.recall) == (4 / 13, 4 / 7)
    assert figures.f1 == pytest.approx(2 * 4 / (13 + 7))
    assert (figures.kept, figures.quotations) == (1, 1)  # its words are there, marks or not
    assert (figures.foreign, figures.predicted) == (1, 1)


def test_the_figures_of_all_pages_by_hand() -> None:
    # a: p 4/13, r 4/7, f1 8/20; b: all 1; c: missing, all 0
    assert score(GOLD, PREDICTED) == {
        "pages": 3,
        "missing": 1,
        "p": 0.436,  # (4/13 + 1 + 0) / 3
        "r": 0.524,  # (4/7 + 1 + 0) / 3
        "f1": 0.467,  # (8/20 + 1 + 0) / 3
        "kept": 0.667,  # a and b of a, b and c
        "foreign": 0.5,  # a's of a's and b's
        "quotations": 3,
    }


@given(st.text(max_size=80))
def test_a_body_against_itself_has_no_fault(text: str) -> None:
    figures = page_figures(text, text)
    assert figures.kept == figures.quotations
    assert figures.foreign == 0
    assert figures.f1 == (1.0 if shingles(text) else 0.0)


@needs_scorer
def test_the_figures_are_those_of_the_scorer(tmp_path: Path) -> None:
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "predictions.jsonl"
    write(gold, [{"id": id_, "body": body} for id_, body in GOLD.items()])
    write(predictions, [row_of(id_, body) for id_, body in PREDICTED.items()])
    assert by_scorer(gold, predictions) == score(GOLD, dict(ingest.bodies_in(predictions)))


@pytest.mark.corpus
@needs_corpora
@needs_scorer
@pytest.mark.parametrize("read", ["html", "dump"])
def test_the_figures_on_the_corpus_are_those_of_the_scorer_and_good(tmp_path: Path, read: str) -> None:
    folder = ingest.corpus("html")
    pages = sorted((folder / "html").glob("*.html.gz"))
    bodies = dict(ingest.bodies_of(pages, ingest.raw_page if read == "html" else ingest.raw_dump))
    predictions = write(tmp_path / "predictions.jsonl", [row_of(id_, body) for id_, body in bodies.items()])
    gold = {str(row["id"]): str(row["body"]) for _, row in read_objects(folder / "gold.jsonl")}
    figures = score(gold, bodies)
    assert by_scorer(folder / "gold.jsonl", predictions) == figures
    least, kept, foreign = (0.956, 0.990, 0.002) if read == "html" else (0.90, 0.987, 1.0)
    assert figures["f1"] >= least
    assert figures["kept"] >= kept
    assert figures["foreign"] <= foreign


@pytest.mark.corpus
@needs_corpora
def test_the_seed_page_is_read_as_a_person_reads_it() -> None:
    figures = ingest.run(arguments("--read", "seed"))
    assert (figures["paragraphs"], figures["exact"]) == (22, 1)
    assert (figures["agency"], figures["published"], figures["language"]) == ("AP", "2023-11-08", "en")
    assert figures["site"] == "The Tribune India"
    zones = figures["zones"]
    assert isinstance(zones, dict)
    assert {label: zones[label] for label in ("title", "standfirst", "caption", "dateline", "tags")} == {
        "title": 2, "standfirst": 1, "caption": 1, "dateline": 2, "tags": 1,
    }  # fmt: skip


@pytest.mark.corpus
@needs_corpora
def test_predictions_of_another_program_are_scored(tmp_path: Path) -> None:
    gold = ingest.corpus("html") / "gold.jsonl"
    rows = [{"uri": f"pages/{row['id']}.html.gz", "text": row["body"]} for _, row in read_objects(gold)]
    figures = ingest.run(arguments("--predictions", str(write(tmp_path / "same.jsonl", rows))))
    assert (figures["f1"], figures["kept"], figures["foreign"], figures["missing"]) == (1.0, 1.0, 0.0, 0)


@pytest.mark.parametrize("options", [("--speed",), ("--read", "seed")])
def test_options_that_do_not_go_together_are_refused(options: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        ingest.run(arguments("--predictions", str(tmp_path / "none.jsonl"), *options))


def test_without_the_corpora_there_is_a_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="QUOTESTANCE_DATA"):
        ingest.run(arguments())


def row_of(id_: str, body: str) -> dict[str, Any]:
    """As `quotestance ingest` writes it, with something that is not body before and after."""
    return {"uri": f"{id_}.html.gz", "id": id_, "text": f"Home\n{body}\nMore", "body": [[5, 5 + len(body)]]}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def by_scorer(gold: Path, predictions: Path) -> dict[str, float]:
    command = [sys.executable, str(SCORER), str(gold), str(predictions), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures
