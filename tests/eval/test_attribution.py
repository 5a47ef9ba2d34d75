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
from eval import attribution
from eval.data import data_folder
from eval.metrics.attribution import SpeakerLabel, score
from eval.metrics.names import same_person
from eval.metrics.spans import CountedText, quoted_positions

DATA = data_folder()
SCORER = DATA.parent / "score" / "attribution.py" if DATA is not None else Path("none")

needs_corpora = pytest.mark.skipif(DATA is None, reason="the corpora are not on this machine")
needs_scorer = pytest.mark.skipif(not SCORER.is_file(), reason="the scorer is not on this machine")


def arguments(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    attribution.add_arguments(parser)
    return parser.parse_args(options)


def spans(text: str, *parts: str) -> list[list[int]]:
    return [[text.index(part), text.index(part) + len(part)] for part in parts]


#                 direct                      indirect, no source          mixed
TEXT = '"We will go," said Ilse Brandt. Word was that the ferry sank. He called it "very sad news" indeed.'


def row(
    identifier: str, content: list[str], cue: list[str], source: list[str], **more: Any
) -> dict[str, Any]:
    return {
        "id": identifier,
        "content": spans(TEXT, *content),
        "cue": spans(TEXT, *cue),
        "source": spans(TEXT, *source),
        **more,
    }


GOLD = [
    {
        "id": "one",
        "text": TEXT,
        "attributions": [
            row("a", ['"We will go,"'], ["said"], ["Ilse Brandt"]),
            row("b", ["that the ferry sank"], ["Word was"], []),
            row("c", ['it "very sad news"'], ["called"], ["He"]),
        ],
    }
]
SPEAKERS = {
    ("one", "a"): SpeakerLabel("Ilse Brandt", "person"),
    ("one", "b"): SpeakerLabel("?", "unnamed"),
    ("one", "c"): SpeakerLabel("Aki Okoro", "person"),
}
OURS = {
    "one": [
        # exact, joint; its letters are those of the gold one although the marks are left out
        row("p", ["We will go"], ["said"], ["Brandt"], confidence=0.9,
            speaker={"name": "Brandt", "kind": "person"}),
        # found (3 of 4 words and 3 of 3), joint because neither has a source
        row("q", ["the ferry sank"], ["Word was"], [], confidence=0.5,
            speaker={"name": "", "kind": "unnamed"}),
        # found (4 of 5 words and 4 of 4) with another source: not joint
        row("r", ['it "very sad news" indeed'], ["called"], ["Ilse Brandt"], confidence=0.7,
            speaker={"name": "Ilse Brandt", "kind": "person"}),
        # not in gold
        row("s", ["Word was"], [], [], confidence=0.1),
    ]
}  # fmt: skip


def test_the_figures_by_hand() -> None:
    figures = score(GOLD, OURS, SPEAKERS)
    assert figures == {
        "documents": 1,
        "gold": 3,
        "pred": 4,
        "exact": {"p": 25.0, "r": 33.3, "f1": 28.6},  # one of 4, one of 3: 2 * 1 / 7
        # gold 3 + 4 + 4 words, ours 3 + 3 + 5 + 2, both 3 + 3 + 4: 10/13, 10/11, 20/24
        "words": {"p": 76.9, "r": 90.9, "f1": 83.3},
        "found": {"p": 75.0, "r": 100.0, "f1": 85.7},  # 3 of 4, 3 of 3: 6/7
        "joint": {"p": 50.0, "r": 66.7, "f1": 57.1},  # 2 of 4, 2 of 3: 4/7
        "source_given_found": 50.0,  # of a and c, a
        "role": {
            # gold "Ilse Brandt", "He"; ours "Brandt", "Ilse Brandt"
            "source": {"p": 50.0, "r": 50.0, "f1": 50.0},
            "cue": {"p": 100.0, "r": 100.0, "f1": 100.0},
            "content": {"p": 25.0, "r": 33.3, "f1": 28.6},
        },
        "no_source": 100.0,
        "kind": {
            "direct": {"gold": 1, "pred": 1, "found_recall": 100.0, "exact_f1": 100.0, "joint_f1": 100.0},
            # precision 1 of 2 (q and s), recall 1 of 1
            "indirect": {"gold": 1, "pred": 2, "found_recall": 100.0, "exact_f1": 0.0, "joint_f1": 66.7},
            "mixed": {"gold": 1, "pred": 1, "found_recall": 100.0, "exact_f1": 0.0, "joint_f1": 0.0},
        },
        # bins of their own: |0.9 - 1| + |0.5 - 1| + |0.7 - 0| + |0.1 - 0| = 1.4, over 4
        "ece": 0.35,
        "top_half": 50.0,  # of 0.9 and 0.7 the first is right
        "speaker": {
            "person_gold": 2,
            "recall": 50.0,
            "accuracy_given_found": 50.0,
            "full_name_given_found": 0.0,  # "Brandt" is right, not full
            "kind_given_found": 100.0,
            "accuracy_when_named": 50.0,
            "by_kind_given_found": {"direct": 100.0, "indirect": 0.0, "mixed": 0.0},
        },
    }


def test_nothing_predicted_is_no_error() -> None:
    figures = score(GOLD, {})
    assert figures["joint"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert "ece" not in figures
    assert "speaker" not in figures


def test_two_predictions_cannot_both_find_one_quotation() -> None:
    text = "He said that it was late and dark."
    said = {"id": "a", "content": spans(text, "that it was late and dark"), "cue": [], "source": []}
    gold = [{"id": "d", "text": text, "attributions": [said]}]
    ours = [{"content": spans(text, part)} for part in ("it was late and dark", "that it was late")]
    assert score(gold, {"d": ours})["found"] == {"p": 50.0, "r": 100.0, "f1": 66.7}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('a "b c" d', "b c"),
        ("a “b” c «d» e", "b d"),
        ("“b\n\n“c” d", "b c"),
        ("“b\n\nc” d", "b"),
        ('"b\n"c" d', "b c"),
        ('"b\n', "b"),
    ],
)
def test_what_stands_between_marks(text: str, quoted: str) -> None:
    inside = quoted_positions(text)
    shown = "".join(one if at in inside and one.isalnum() else " " for at, one in enumerate(text))
    assert " ".join(shown.split()) == quoted


@given(st.text(alphabet='“”"‟«» \na', max_size=40))
def test_the_kind_follows_the_share_that_is_quoted(text: str) -> None:
    counted = CountedText(text)
    letters = counted.letters([[0, len(text)]])
    inside = letters & quoted_positions(text)
    assert (counted.kind(letters) == "indirect") == (not inside)


@pytest.mark.parametrize(
    ("predicted", "gold", "others", "same"),
    [
        ("Ilse Brandt", "Ilse Brandt", [], True),
        ("Dr. Ilse Brandt", "Ilse Brandt", [], True),
        ("Ilse M. Brandt", "Ilse Brandt", [], True),
        ("Brandt", "Ilse Brandt", ["Ilse Brandt"], True),
        ("Brandt", "Ilse Brandt", ["Ilse Brandt", "Odile Brandt"], False),
        ("Odile Brandt", "Ilse Brandt", [], False),
        ("Ilse", "Ilse Brandt", [], False),
        ("Ilse Brandt", "Brandt", [], True),
        ("Adé Korsa Jr.", "Ade Korsa", [], True),
        ("", "Ilse Brandt", [], False),
    ],
)
def test_when_a_name_is_the_same_person(predicted: str, gold: str, others: list[str], same: bool) -> None:
    assert same_person(predicted, gold, others) is same


def test_an_absent_corpus_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="QUOTESTANCE_DATA"):
        attribution.run(arguments())


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--predictions", "a", "--write-predictions", "b"], "--write-predictions"),
        (["--errors-to", "somewhere"], "--errors N"),
        (["--errors", "-1"], "at least 0"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        attribution.run(arguments(*options))


@pytest.mark.corpus
@needs_corpora
@needs_scorer
def test_the_figures_are_those_of_the_scorer(tmp_path: Path) -> None:
    assert DATA is not None
    written = tmp_path / "ours.jsonl"
    ours = attribution.run(arguments("--speakers", "--write-predictions", str(written)))
    assert ours == attribution.run(arguments("--speakers", "--predictions", str(written))) | {
        "extractor": ours["extractor"]
    }
    for predictions, figures in (
        (written, ours),
        *(
            (peer, attribution.run(arguments("--speakers", "--predictions", str(peer))))
            for peer in sorted((DATA / "peers").glob("*_dev.jsonl"))
        ),
    ):
        assert {key: figures[key] for key in figures if key not in {"corpus", "data", "extractor"}} == scored(
            DATA / "polnear", predictions
        )


def scored(corpus: Path, predictions: Path) -> Any:
    command = [sys.executable, str(SCORER), str(corpus / "dev.jsonl"), str(predictions), "--json"]
    command += ["--speakers", str(corpus / "speakers_dev.tsv")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
