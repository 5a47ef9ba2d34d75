"""From decisions on the files of a workspace to thresholds, with the count of labels beside each."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.config import RoutesConfig
from builder.records import (
    Calibration,
    Decision,
    Document,
    Probability,
    Quotation,
    Span,
    Speaker,
    Stance,
    Zone,
    to_table,
)
from builder.review.calibration import READS, Use, calibrate
from builder.review.decisions import ImportedDecision
from builder.stance.sample import place_in_sample

EVERY = Use(RoutesConfig(target_labels=1_000), 1.0)
LABELS = ("favor", "against", "neutral")


class Workspace:
    """Articles of one quotation each, and what people decided on them."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.quotations: list[Quotation] = []
        self.speakers: list[Speaker] = []
        self.stances: list[Stance] = []
        self.decisions: list[ImportedDecision] = []

    def say(self, words: str, confidence: float = 0.99, target: str = "ferry") -> str:
        """Adds a quotation that the machine finds to be in favor; gives its id."""
        number = len(self.documents)
        document, name = f"d{number}", f"q{number}"
        span = Span(0, len(words))
        zones = (Zone(0, len(words), "body"),)
        self.documents.append(
            Document(document, words, "a", None, None, None, None, None, None, "en", "", "x", zones)
        )
        self.quotations.append(
            Quotation(name, document, "direct", (span,), (), (), (), 0, None, confidence, "x")
        )
        self.speakers.append(Speaker(name, "Ada Quill", "person", None, None, "x", confidence))
        rest = (1 - confidence) / 2
        shares = tuple(map(Probability, LABELS, (confidence, rest, rest)))
        self.stances.append(Stance(name, target, "favor", shares, confidence, "m"))
        return name

    def decide(self, name: str, field: str, after: Any, who: str = "mk") -> None:
        quotation = self.quotations[int(name[1:])]
        words = self.documents[int(name[1:])].text
        told = None if after is None else json.dumps(after, sort_keys=True)
        decision = Decision(name, field, None, told, who, "2024-05-02T09:31:00Z", None, None, None)
        self.decisions.append(
            ImportedDecision(decision, quotation.document, quotation.content, words, "annotator", "here")
        )

    def label(
        self, count: int, label: str = "favor", target: str = "ferry", confidence: float = 0.99
    ) -> None:
        """So many more quotations, with the label that people gave each."""
        for _ in range(count):
            name = self.say(f"sentence number {len(self.documents)}", confidence, target)
            self.decide(name, f"stance:{target}", label)

    def calibrations(self, folder: Path, use: Use = EVERY) -> dict[str, Calibration]:
        """What `calibrate` makes of it, from the files of two shards."""
        half = len(self.documents) // 2
        files: dict[str, list[Path]] = {name: [] for name in READS}
        kinds = (Document, Quotation, Speaker, Stance)
        records: Sequence[Sequence[Any]] = (self.documents, self.quotations, self.speakers, self.stances)
        for number, part in enumerate((slice(None, half), slice(half, None))):
            for name, kind, some in zip(READS, kinds, records, strict=True):
                path = folder / f"{name}-{number}.parquet"
                pq.write_table(to_table(some[part], kind), path)
                files[name].append(path)
        return {one.field: one for one in calibrate(files, self.decisions, use)}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


def test_without_decisions_nothing_is_known(workspace: Workspace, tmp_path: Path) -> None:
    workspace.say("The ferry must stay")
    found = workspace.calibrations(tmp_path)
    assert found == {
        name: Calibration(name, 0, None, 0, 0, None, None) for name in ("quotation", "speaker", "stance")
    }


def test_labels_that_keep_the_error_give_a_threshold(workspace: Workspace, tmp_path: Path) -> None:
    workspace.label(60)
    workspace.label(1, "against")
    workspace.label(30, "neutral", confidence=0.5)
    stance = workspace.calibrations(tmp_path)["stance"]
    assert (stance.labels, stance.accepted, stance.wrong) == (91, 61, 1)
    assert stance.threshold is not None and 0.5 < stance.threshold <= 0.99
    # 1 of 61: 1 - x solves 61 x (1-x)^60 + (1-x)^61 = 0.05 at 7.54 %.
    assert stance.bound == pytest.approx(0.0754, abs=1e-4)


def test_only_the_random_sample_counts_unless_the_configuration_says_otherwise(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.label(300)
    in_sample = sum(place_in_sample(one.text) < 0.2 for one in workspace.documents)
    assert 30 < in_sample < 90
    sampled = workspace.calibrations(tmp_path, Use(RoutesConfig(target_labels=1_000), 0.2))
    assert sampled["stance"].labels == in_sample
    everything = workspace.calibrations(
        tmp_path, Use(RoutesConfig(calibrate_on="all", target_labels=1_000), 0.2)
    )
    assert everything["stance"].labels == 300


def test_a_target_with_labels_enough_stands_alone_and_the_others_are_pooled_without_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.label(50, target="ferry")
    workspace.label(30, target="bridge")
    workspace.label(20, target="tunnel")
    found = workspace.calibrations(tmp_path, Use(RoutesConfig(target_labels=40), 1.0))
    stances = {name: one.labels for name, one in found.items() if name.startswith("stance")}
    assert stances == {"stance": 50, "stance:ferry": 50}


def test_what_people_could_not_confirm_counts_as_wrong(workspace: Workspace, tmp_path: Path) -> None:
    unsure, disputed, none, changed, right = (workspace.say(f"sentence {number}") for number in range(5))
    workspace.decide(unsure, "stance:ferry", None)
    workspace.decide(disputed, "stance:ferry", "favor")
    workspace.decide(disputed, "stance:ferry", "against", who="jo")
    workspace.decide(none, "quotation", None)
    workspace.decide(changed, "stance:ferry", "neutral")
    workspace.decide(right, "stance:ferry", "favor")
    use = Use(RoutesConfig(error=0.9, certainty=0.5), 1.0)  # so that anything is accepted at all
    found = workspace.calibrations(tmp_path, use)
    assert (found["stance"].labels, found["stance"].accepted, found["stance"].wrong) == (5, 5, 4)
    # And of what is no quotation neither words nor speaker are right.
    assert (found["quotation"].labels, found["speaker"].labels) == (1, 1)


def test_words_and_speakers_are_right_if_they_are_left_as_they_were(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(40):
        name = workspace.say(f"sentence {number}")
        moved = 1 if number == 0 else 0
        content = [[moved, len(workspace.documents[-1].text)]]
        workspace.decide(name, "quotation", {"content": content, "cue": [], "source": []})
        workspace.decide(name, "speaker", {"name": "ADA QUILL", "kind": "group" if number < 2 else "person"})
    found = workspace.calibrations(tmp_path, Use(RoutesConfig(error=0.2), 1.0))
    assert (found["quotation"].accepted, found["quotation"].wrong) == (40, 1)
    assert (found["speaker"].accepted, found["speaker"].wrong) == (40, 2)


def test_of_copies_one_counts_and_of_gold_items_none(workspace: Workspace, tmp_path: Path) -> None:
    for _ in range(3):
        workspace.decide(workspace.say("The ferry must stay"), "stance:ferry", "favor")
    gold = workspace.say("The ferry must go")
    workspace.decide(gold, "stance:ferry", "favor")
    found = workspace.calibrations(tmp_path, Use(RoutesConfig(), 1.0, frozenset([gold])))
    assert found["stance"].labels == 1


def test_the_temperature_follows_the_labels_where_there_are_enough(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.label(60, confidence=0.99)
    workspace.label(39, "against", confidence=0.99)
    assert workspace.calibrations(tmp_path)["stance"].temperature is None
    workspace.label(1, "against", confidence=0.99)
    temperature = workspace.calibrations(tmp_path)["stance"].temperature
    assert temperature is not None and temperature > 1  # 0.99 was too sure for 60 of 100
