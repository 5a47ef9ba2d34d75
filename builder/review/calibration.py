"""From what people decided on a dataset: which confidence is enough to accept a value without a person.

Only labels that were drawn without regard to the model's confidence may say so. The queue asks first
where the model doubts, so those on the random sample count and no others, unless the configuration says that
all do. A sampled value counts as wrong where people changed it, found no quotation there, could not tell, or
have not come to one answer; of copies with the same words one counts. What people think of an item whose
answer was known before (gold) is left out: somebody chose it. So are whole articles, which say of a
quotation only whether it is one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

from builder.clusters.words import words_in
from builder.config import RoutesConfig
from builder.records import (
    Calibration,
    Document,
    Quotation,
    Speaker,
    Stance,
    from_table,
)
from builder.review.adjudicate import Outcome, is_rejected, outcomes_of
from builder.review.boundaries import placed
from builder.review.decisions import ARTICLE, ImportedDecision, canonical, spans_of, value_of
from builder.review.decisions import STANCE as STANCE_FIELD
from builder.review.matching import DecidedItem, decided_items, match_decisions
from builder.review.same import same_answer
from builder.stance.accept import Judged
from builder.stance.calibration import Labels, calibrated
from builder.stance.route import STANCE
from builder.stance.sample import place_in_sample

Record = TypeVar("Record")

READS = ("documents", "quotations", "speakers", "stance")


@dataclass(frozen=True, slots=True)
class Use:
    """Which decisions are used, and how: those on a random sample of `share`, except on `gold` items."""

    routes: RoutesConfig
    share: float
    gold: Collection[str] = ()

    def takes(self, item: DecidedItem) -> bool:
        """Whether what people decided on an item tells how often a confidence is right."""
        if item.id in self.gold:
            return False
        return self.routes.calibrate_on == "all" or place_in_sample(item.text) < self.share


@dataclass(frozen=True, slots=True)
class _Decided:
    """A quotation that people decided on, with what the machine said about it."""

    document: Document
    quotation: Quotation
    speaker: Speaker
    stances: Sequence[Stance]
    item: DecidedItem
    outcomes: Mapping[str, Outcome]

    @property
    def is_none(self) -> bool:
        """Whether people found that it is no quotation."""
        return is_rejected(self.outcomes)


def calibrate(
    files: Mapping[str, Sequence[Path]], decisions: Iterable[ImportedDecision], use: Use
) -> Iterator[Calibration]:
    """The calibrations of quotations, speakers, stances, and of the targets with labels enough.

    `files` are the Parquet files of each of `READS`, in the order of the shards.
    """
    labels: defaultdict[str, Labels] = defaultdict(Labels)
    seen: set[tuple[str, str]] = set()
    single = [one for one in decisions if one.decision.field != ARTICLE]
    for decided in _decided(files, single, use):
        words = " ".join(words_in(decided.item.text))
        for name, judged, stance in _judged(decided):
            if (name, words) not in seen:
                seen.add((name, words))
                labels[name].judged.append(judged)
                _keep_answer(labels[name], stance, decided.outcomes.get(name))
    stances = {name: some for name, some in labels.items() if name.startswith(STANCE_FIELD)}
    own = {name for name, some in stances.items() if len(some.judged) >= use.routes.target_labels}
    pooled = sum((some for name, some in stances.items() if name not in own), start=Labels())
    for name in ("quotation", "speaker"):
        yield calibrated(name, labels[name], use.routes)
    yield calibrated(STANCE, pooled, use.routes)
    for name in sorted(own):
        yield calibrated(name, stances[name], use.routes)


def _judged(decided: _Decided) -> Iterator[tuple[str, Judged, Stance | None]]:
    """Each value of the machine that people decided on, by field; stances with what the model said."""
    quotation, speaker, outcomes = decided.quotation, decided.speaker, decided.outcomes
    if "quotation" in outcomes:
        yield "quotation", Judged(quotation.confidence, _has_its_boundaries(decided)), None
    if speaker.name and ("speaker" in outcomes or decided.is_none):
        said = canonical({"name": speaker.name, "kind": speaker.kind})
        yield "speaker", Judged(speaker.confidence, _is_right(decided, "speaker", said)), None
    for stance in decided.stances:
        name = STANCE_FIELD + stance.target
        if stance.label is not None and (name in outcomes or decided.is_none):
            is_right = _is_right(decided, name, canonical(stance.label))
            yield name, Judged(stance.confidence, is_right), stance


def _is_right(decided: _Decided, name: str, said: str | None) -> bool:
    outcome = decided.outcomes.get(name)
    if decided.is_none or outcome is None or outcome.settled == "none":
        return False
    return same_answer(name, said) == same_answer(name, outcome.after)


def _has_its_boundaries(decided: _Decided) -> bool:
    outcome, found = decided.outcomes["quotation"], decided.quotation
    after = value_of(outcome.after)
    if outcome.settled == "none" or after is None:
        return False
    boundaries = {part: spans_of(pairs) for part, pairs in after.items()}
    spans = placed(boundaries, decided.item, decided.document, found)
    return spans is not None and all(
        sorted(spans[part]) == sorted(getattr(found, part)) for part in ("content", "cue", "source")
    )


def _keep_answer(labels: Labels, stance: Stance | None, outcome: Outcome | None) -> None:
    """Keeps the probabilities of a stance that people gave one of its labels."""
    label = value_of(outcome.after) if outcome is not None and outcome.settled != "none" else None
    if stance is not None and label in [one.label for one in stance.probabilities]:
        labels.answers.append(stance.probabilities)
        labels.gold.append(label)


def _decided(
    files: Mapping[str, Sequence[Path]], decisions: Sequence[ImportedDecision], use: Use
) -> Iterator[_Decided]:
    """The quotations of all shards that people decided on and that `use` takes; other shards are not read."""
    items = {
        document: [one for one in some if use.takes(one)]
        for document, some in decided_items(decisions).items()
    }
    wanted = {one.id for some in items.values() for one in some}
    outcomes = outcomes_of(one for one in decisions if one.decision.item in wanted)
    for number, path in enumerate(files["documents"]):
        ids = pq.read_table(path, columns=["id"])["id"].to_pylist()
        here = [item for document in ids for item in items.get(document, ())]
        if not here:
            continue
        shard = {name: files[name][number] for name in READS}
        documents = {one.id: one for one in _read(shard["documents"], Document)}
        quotations = _read(shard["quotations"], Quotation)
        speakers = {one.quotation: one for one in _read(shard["speakers"], Speaker)}
        stances: defaultdict[str, list[Stance]] = defaultdict(list)
        for stance in _read(shard["stance"], Stance):
            stances[stance.quotation].append(stance)
        matched = match_decisions(here, documents, quotations)
        for one in quotations:
            if one.id in matched:
                item = matched[one.id]
                yield _Decided(
                    documents[one.document],
                    one,
                    speakers[one.id],
                    stances[one.id],
                    item,
                    outcomes.get(item.id, {}),
                )


def _read(path: Path, record: type[Record]) -> list[Record]:
    return from_table(pq.read_table(path), record)
