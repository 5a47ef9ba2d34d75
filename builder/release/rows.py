"""The published rows of one shard: its records, and what people decided about them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from builder.config import Config
from builder.ids import quotation_id, stance_id
from builder.records import Document, Quotation, Route, Span, Speaker, Stance
from builder.release.context import context_of, within
from builder.release.label_source import LabelSource, label_source, weakest
from builder.release.shard import Shard
from builder.release.splits import split_of
from builder.review.adjudicate import Outcome, Outcomes
from builder.review.boundaries import placed
from builder.review.decisions import STANCE, spans_of, value_of
from builder.review.matching import DecidedItem
from builder.stance.label import text_of

UNDATED = "undated"
MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\b")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuotationRows:
    """The rows of one quotation: none if people found it to be none.

    Beside its published columns a row holds its `split`, its `period` and whether its label is
    `withheld` because it may stand in no labelled split. `unplaced` is the id of the item whose
    decided boundaries have no place in the text, if they have none.
    """

    quote: Row | None
    stance: list[Row]
    unplaced: str | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    """A quotation to publish, with all that is known about it.

    `id` is what it is published under; `decided` is the decided item that it is, if it is one.
    """

    id: str
    decided: DecidedItem | None
    document: Document
    cluster: str
    quotation: Quotation
    speaker: Speaker | None
    stances: Mapping[str, Stance]
    routes: Mapping[str, Route]
    outcomes: Mapping[str, Outcome]

    def source(self, name: str) -> LabelSource:
        return label_source(self.routes.get(name), self.outcomes.get(name))


def rows_of(
    shard: Shard,
    decided: Mapping[str, DecidedItem],
    outcomes: Outcomes,
    config: Config,
    repeated: Iterable[str] = (),
) -> Iterator[QuotationRows]:
    """The rows of a shard, quotation by quotation.

    `decided` holds the decided item that a quotation is, for those that are one: its row is
    published under the item's id. `repeated` are quotations that an earlier shard holds too.
    """
    seen = set(repeated)
    taken = {item.id: item.document for item in decided.values()}
    for quotation in shard.quotations:
        if quotation.id not in seen:
            seen.add(quotation.id)
            item = _gathered(shard, quotation, decided.get(quotation.id), outcomes, taken)
            yield _rows_of_one(item, config)


def _rows_of_one(item: _Item, config: Config) -> QuotationRows:
    unplaced = None
    outcome = item.outcomes.get("quotation")
    if outcome is not None and outcome.settled != "none":
        after = value_of(outcome.after)
        if after is None:
            return QuotationRows(None, [])
        edited = _with_boundaries(item, {part: spans_of(pairs) for part, pairs in after.items()})
        unplaced = item.id if edited is None else None
        item = edited or _without_outcome(item, "quotation")
    context = context_of(item.document, item.quotation, config.release.context, config.release.bodies)
    words = context.of(item.document.text)
    speaker = _speaker(item, config)
    quote = _quote_row(item, context, words, speaker, config)
    return QuotationRows(quote, _stance_rows(item, words, speaker, config), unplaced)


def _gathered(
    shard: Shard,
    quotation: Quotation,
    decided: DecidedItem | None,
    outcomes: Outcomes,
    taken: Mapping[str, str],
) -> _Item:
    """Everything about a quotation; `taken` are the documents of the items that are matched, by item."""
    stances = {stance.target: stance for stance in shard.stances.get(quotation.id, ())}
    fields = ["quotation", "speaker", *(STANCE + target for target in stances)]
    routes = {one: shard.routes.get((quotation.id, one)) for one in fields}
    name = decided.id if decided is not None else quotation.id
    if decided is None and taken.get(name) == quotation.document:
        # Other words than the decided ones, at the offsets where those once stood: they need their own id.
        name = quotation_id(name, quotation.content)
    return _Item(
        id=name,
        decided=decided,
        document=shard.documents[quotation.document],
        cluster=shard.clusters.get(quotation.document, quotation.document),
        quotation=quotation,
        speaker=shard.speakers.get(quotation.id),
        stances=stances,
        routes={one: route for one, route in routes.items() if route is not None},
        # Decisions act on the quotation that they were matched with, never on one that has the id by chance.
        outcomes=outcomes.get(decided.id, {}) if decided is not None else {},
    )


def _with_boundaries(item: _Item, boundaries: Mapping[str, tuple[Span, ...]]) -> _Item | None:
    """The item with the boundaries that people gave it, or None if they have no place in the text."""
    if item.decided is None:
        return None
    spans = placed(boundaries, item.decided, item.document, item.quotation)
    if spans is None:
        return None
    content, cue, source = spans["content"], spans["cue"], spans["source"]
    return replace(item, quotation=replace(item.quotation, content=content, cue=cue, source=source))


def _without_outcome(item: _Item, field: str) -> _Item:
    return replace(item, outcomes={name: one for name, one in item.outcomes.items() if name != field})


def _speaker(item: _Item, config: Config) -> Row | None:
    outcome = item.outcomes.get("speaker")
    found = item.speaker
    if outcome is not None and outcome.settled != "none":
        decided = value_of(outcome.after)
        # The confidence and the entry in the authority table are those of the name that was found.
        kept = found is not None and (found.name, found.kind) == (decided["name"], decided["kind"])
        entity, confidence = (found.entity, found.confidence) if found is not None and kept else (None, None)
        speaker = {"name": decided["name"], "kind": decided["kind"], "id": entity, "confidence": confidence}
    elif found is not None:
        speaker = {"name": found.name, "kind": found.kind, "id": found.entity, "confidence": found.confidence}
    else:
        return None
    if config.release.publish_names == "authority" and speaker["id"] is None and speaker["name"]:
        speaker["name"] = None
    return speaker


def _quote_row(item: _Item, context: Span, words: str, speaker: Row | None, config: Config) -> Row:
    quotation, document = item.quotation, item.document
    parts = {"content": quotation.content, "cue": quotation.cue, "source": quotation.source}
    source = weakest(item.source("quotation"), item.source("speaker"))
    return {
        "id": item.id,
        "document_id": document.id,
        "url": document.url,
        "title": document.title,
        "site": document.site,
        "agency": document.agency,
        "published": document.published,
        "context": words,
        **{name: _spans(within(context, spans)) for name, spans in parts.items()},
        "document_spans": {name: _spans(spans) for name, spans in parts.items()},
        "kind": quotation.kind,
        "speaker": speaker,
        "cluster": item.cluster,
        "confidence": quotation.confidence,
        "extractor": quotation.extractor,
        **_placed(item, source, config),
    }


def _stance_rows(item: _Item, context: str, speaker: Row | None, config: Config) -> list[Row]:
    return [
        _stance_row(item, target.id, target.name, context, speaker, config)
        for target in config.targets
        if target.id in item.stances or STANCE + target.id in item.outcomes
    ]


def _stance_row(
    item: _Item, target: str, target_name: str, context: str, speaker: Row | None, config: Config
) -> Row:
    """The row of one target; the model's columns are empty where only people saw that it is one."""
    stance, outcome = item.stances.get(target), item.outcomes.get(STANCE + target)
    settled = outcome is not None and outcome.settled != "none"
    label = value_of(outcome.after) if outcome is not None and settled else stance and stance.label
    # An answer that leaves the label open, of a person or of the model, decides nothing.
    source = item.source(STANCE + target) if label is not None else "none"
    placed = _placed(item, source, config)
    return {
        "id": stance_id(item.id, target),
        "quotation_id": item.id,
        "text": text_of(item.document, item.quotation),
        "context": context,
        "speaker": speaker and speaker["name"],
        "target_id": target,
        "target": target_name,
        "label": None if placed["split"] == "unlabelled" else label,
        "probabilities": stance and {one.label: one.probability for one in stance.probabilities},
        "confidence": stance and stance.confidence,
        "n_annotators": outcome.annotators if outcome is not None else 0,
        "agreement": outcome and outcome.agreement,
        "model": stance and stance.model,
        **placed,
    }


def _placed(item: _Item, source: LabelSource, config: Config) -> Row:
    """Where a row goes, and what it says about its label's source there."""
    split = split_of(item.cluster, source, config.release.splits)
    month = MONTH.match(item.document.published or "")
    return {
        "label_source": "none" if split == "unlabelled" else source,
        "split": split,
        "period": month[0] if month else UNDATED,
        "withheld": split == "unlabelled" and source != "none",
    }


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [asdict(span) for span in spans]
