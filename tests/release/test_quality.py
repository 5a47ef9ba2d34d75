"""What people's decisions tell of the labels, with the hand calculation beside each number."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.config import ReviewConfig
from builder.errors import UsageError
from builder.measure import exact_interval
from builder.records import Calibration
from builder.release.charts import calibration_chart, label_chart
from builder.release.pseudonyms import pseudonym, read_secret
from builder.release.quality import Bin
from builder.release.statistics import TargetCounts
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from tests.release.corpus import AUTO, Configured, Corpus, Release, confirmed, decision, rows_of


def card_of(summary: ReleaseSummary) -> str:
    return (summary.path / "README.md").read_text(encoding="utf-8")


def labelled(corpus: Corpus, labels: list[str]) -> list[ImportedDecision]:
    """Decisions on the stances of as many articles, which the model all found to be against, at 0.7."""
    said = [corpus.article(f"d{number}", auto=AUTO)[0] for number in range(len(labels))]
    return [decision(one, "stance:bridge", label) for one, label in zip(said, labels, strict=True)]


def test_the_model_is_held_against_people(corpus: Corpus, release: Release) -> None:
    card = card_of(release(labelled(corpus, ["against", "favor", "against", "against"])))
    # 3 of 4 right; Clopper and Pearson: 19.4 to 99.4 %. Confidence 0.7 against 0.75: five points off.
    assert "Of the 4 stances that the model gave a label and a person decided" in card
    assert "the person gave the same in 3 (75.0 %; exact 95 % interval 19.4 to 99.4 %)" in card
    assert "is off by 5.0 points on average" in card


def test_the_error_of_what_was_accepted_is_bounded_exactly(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    tables = corpus.written(tmp_path / "w", labelled(corpus, ["against"] * 20))
    config = configured()
    everything = config.model_copy(update={"review": ReviewConfig(audit_share=1.0)})
    card = card_of(write_release(tables, everything, "1.0.0", tmp_path / "all", {}))
    # The other stance of each article was accepted too and looked at by nobody. Of no error in 20 the
    # bound is 1 - 0.05 ** (1/20) = 13.9 %.
    assert "40 stances were accepted from the model without a person. People looked at 20 of them" in card
    assert "found 0 wrong; the error rate is below 13.9 %" in card
    # What people looked at for another reason says nothing about the rest.
    nothing = config.model_copy(update={"review": ReviewConfig(audit_share=0.0)})
    assert "so the audit tells nothing" in card_of(
        write_release(tables, nothing, "1.0.0", tmp_path / "no", {})
    )


def test_what_people_who_looked_did_not_confirm_is_an_error_of_the_audit(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    against, favor, rejected, open_, doubted = (
        corpus.article(f"d{number}", auto=AUTO)[0] for number in range(5)
    )
    decisions = [
        decision(against, "stance:bridge", "against"),
        decision(favor, "stance:bridge", "favor"),
        decision(rejected, "quotation", None),
        decision(open_, "stance:bridge", None),
        decision(doubted, "stance:bridge", "against"),
        decision(doubted, "stance:bridge", "neutral", who="b2"),
    ]
    everything = configured().model_copy(update={"review": ReviewConfig(audit_share=1.0)})
    tables = corpus.written(tmp_path / "w", decisions)
    card = card_of(write_release(tables, everything, "1.0.0", tmp_path / "all", {}))
    assert "10 stances were accepted from the model without a person. People looked at 5 of them" in card
    assert "found 4 wrong" in card


def test_the_model_is_held_against_the_random_sample_where_it_is_large_enough(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    tables = corpus.written(tmp_path / "w", labelled(corpus, ["against"] * 24 + ["favor"] * 6))
    everything = configured().model_copy(update={"review": ReviewConfig(random_share=1.0)})
    card = card_of(write_release(tables, everything, "1.0.0", tmp_path / "all", {}))
    assert "Of the 30 stances in the random sample that the model gave a label" in card
    assert "on rows drawn at random the share can differ" not in card
    nothing = configured().model_copy(update={"review": ReviewConfig(random_share=0.0)})
    card = card_of(write_release(tables, nothing, "1.0.0", tmp_path / "none", {}))
    assert "Of the 30 stances that the model gave a label" in card
    assert "on rows drawn at random the share can differ" in card


def test_by_which_labels_values_were_accepted_is_on_the_card(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1", auto=AUTO)
    calibrations = [
        Calibration("stance", 200, 0.69, 80, 2, 0.0766, 2.0),
        Calibration("stance:bridge", 300, None, 0, 0, None, None),
    ]
    tables = replace(corpus.written(tmp_path / "w"), calibrations=calibrations)
    summary = write_release(tables, configured(), "1.0.0", tmp_path / "out", {})
    card = card_of(summary)
    assert "| stance, all targets without a row | 200 | 0.69 | 80 | 2 | 7.7 % |" in card
    assert "| stance:bridge | 300 | never | 0 | 0 | – |" in card
    assert "published at the temperature that made the labels likeliest: 2.0 for stance." in card
    # The bridge has a row of its own, which has too few labels for a temperature.
    (row,) = [one for one in rows_of(summary, "stance").values() if one["quotation_id"] == direct.id]
    assert row["confidence"] == 0.7


def test_published_confidence_is_calibrated_on_the_dataset(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    tables = replace(
        corpus.written(tmp_path / "w"), calibrations=[Calibration("stance", 200, None, 0, 0, None, 2.0)]
    )
    summary = write_release(tables, configured(), "1.0.0", tmp_path / "out", {})
    (row,) = [one for one in rows_of(summary, "stance").values() if one["quotation_id"] == direct.id]
    # The square roots of 0.2, 0.7 and 0.1 are 0.4472, 0.8367 and 0.3162, in all 1.6001.
    assert row["probabilities"] == {"favor": 0.2795, "against": 0.5229, "neutral": 0.1976}
    assert row["confidence"] == 0.5229


def test_where_nobody_looked_nothing_is_claimed(corpus: Corpus, release: Release) -> None:
    corpus.article("d1", auto=AUTO)
    card = card_of(release())
    assert "No person has looked at any of them that was drawn for it, so the audit tells nothing" in card
    assert "calibration.svg" not in card


def test_agreement_is_told_with_its_interval_or_why_there_is_none(corpus: Corpus, release: Release) -> None:
    decisions = []
    for number in range(12):
        direct, _ = corpus.article(f"d{number}")
        first = ("favor", "against", "neutral")[number % 3]
        decisions.append(decision(direct, "stance:bridge", first, "a"))
        decisions.append(decision(direct, "stance:bridge", "favor" if number == 4 else first, "b"))
    decisions += confirmed(corpus.article("d99")[0], "a")[1:2]
    card = card_of(release(decisions))
    # One of 24 values differs: coincidences observed 2/24 apart; expected from 9, 7 and 8 of 24:
    # (24² - 81 - 49 - 64) / (24 · 23) = 382 / 552. Alpha = 1 - (2 / 24) / (382 / 552) = 0.880.
    assert "| stance | 0.880 | " in card
    assert "| 12 | 2 |" in card
    assert "| speaker | not defined: no item was answered by two annotators | – | 0 | 0 |" in card


def test_annotators_have_pseudonyms_where_there_is_a_secret(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    decisions = [decision(direct, "stance:bridge", "favor", who) for who in ("marguerite", "henk")]
    tables = replace(corpus.written(tmp_path / "w", decisions), secret=b"sixteen letters!")
    summary = write_release(tables, configured(), "1.0.0", tmp_path / "out", {})
    (row,) = [one for one in rows_of(summary, "stance").values() if one["quotation_id"] == direct.id]
    names = [pseudonym(who, b"sixteen letters!") for who in ("marguerite", "henk")]
    assert sorted(one["annotator"] for one in row["annotations"]) == sorted(map(str, names))
    assert {one["label"] for one in row["annotations"]} == {"favor"}
    assert pseudonym("henk", b"another secret!!") not in names
    assert "marguerite" not in json.dumps(row)
    without = write_release(replace(tables, secret=None), configured(), "1.0.0", tmp_path / "without", {})
    (row,) = [one for one in rows_of(without, "stance").values() if one["quotation_id"] == direct.id]
    assert row["annotations"] == [{"annotator": None, "label": "favor"}] * 2


def test_a_secret_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short\n")
    with pytest.raises(UsageError, match="at least 16 characters"):
        read_secret(tmp_path / "secret")
    with pytest.raises(UsageError, match="cannot be read"):
        read_secret(tmp_path / "none")


def test_charts_are_drawings_that_hold_hostile_names_as_text() -> None:
    evil = '<script>alert("x")</script> & more of it'
    counts = TargetCounts("t", evil, 5, 1, [("favor", 3), ("against", 1)], [("favor", 2), ("against", 1)])
    chart = label_chart([counts])
    drawing = ElementTree.fromstring(chart)  # noqa: S314 - it was made two lines above
    texts = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["favor", "against", "by the model", "undecided", evil[:29] + "…", "5"]
    bars = [one.get("width") for one in drawing.iter("{http://www.w3.org/2000/svg}rect")][-4:]
    # 440 points for five rows: two, one, one from the model, and one.
    assert bars == ["176.0", "88.0", "88.0", "88.0"]
    assert "<script" not in chart


def test_a_point_of_the_calibration_stands_where_its_numbers_say() -> None:
    chart = calibration_chart([Bin(0.6, 0.7, 4, 0.65, 3)])
    drawing = ElementTree.fromstring(chart)  # noqa: S314 - it was made in the line above
    (point,) = drawing.iter("{http://www.w3.org/2000/svg}circle")
    # 300 points a side, from (60, 320): 0.65 across, 0.75 up.
    assert (point.get("cx"), point.get("cy")) == ("255.0", "95.0")
    assert "3 of 4 right" in chart


def test_the_bound_of_no_error_is_what_the_formula_says() -> None:
    assert exact_interval(0, 20, 0.9)[1] == pytest.approx(1 - 0.05 ** (1 / 20))
