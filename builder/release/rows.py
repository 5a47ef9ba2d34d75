"""The published rows of one shard: its records, and what people decided about them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from builder.config import Config
from builder.ids import stance_id
from builder.records import Document, Quotation, Reject, RejectReason, Route, Span, Speaker, Stance
from builder.release.context import context_of, within
from builder.release.label_source import LabelSource, label_source, weakest
from builder.release.shard import Shard
from builder.release.splits import split_of
from builder.review.adjudicate import Outcome, Outcomes
from builder.review.decisions import STAGE, STANCE, spans_of, value_of
from builder.stance.label import text_of

UNDATED = "undated"
MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\b")

Row = dict[str, Any]


@dataclass(slots=True)
class ShardRows:
    """The rows of one shard, and how many quotations people found to be none.

    Beside its published columns a row holds its `split`, its `period` and whether its label is
    `withheld` because it may stand in no labelled split.
    """

    quotes: list[Row] = field(default_factory=list)
    stance: list[Row] = field(default_factory=list)
    removed: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Item:
    """A quotation to publish, with all that is known about it; `id` is what it is published under."""

    id: str
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
    shard: Shard, decided: Mapping[str, str], outcomes: Outcomes, config: Config, repeated: Iterable[str] = ()
) -> ShardRows:
    """The rows of a shard.

    `decided` names the decided item that a quotation is, for those that are one: its row is
    published under the item's id. `repeated` are quotations that an earlier shard holds too.
    """
    rows = ShardRows()
    seen = set(repeated)
    for quotation in shard.quotations:
        if quotation.id in seen:
            continue
        seen.add(quotation.id)
        name = decided.get(quotation.id, quotation.id)
        found = _gathered(shard, quotation, name, outcomes.get(name, {}))
        item = _with_decided_boundaries(found, rows.rejects)
        if item is None:
            rows.removed += 1
            continue
        context = context_of(item.document, item.quotation, config.release.context, config.release.bodies)
        speaker = _speaker(item, config)
        rows.quotes.append(_quote_row(item, context, speaker, config))
        rows.stance += _stance_rows(item, context, speaker, config)
    return rows


def _gathered(shard: Shard, quotation: Quotation, name: str, outcomes: Mapping[str, Outcome]) -> _Item:
    stances = {stance.target: stance for stance in shard.stances.get(quotation.id, ())}
    fields = ["quotation", "speaker", *(STANCE + target for target in stances)]
    routes = {one: shard.routes.get((quotation.id, one)) for one in fields}
    return _Item(
        id=name,
        document=shard.documents[quotation.document],
        cluster=shard.clusters.get(quotation.document, quotation.document),
        quotation=quotation,
        speaker=shard.speakers.get(quotation.id),
        stances=stances,
        routes={one: route for one, route in routes.items() if route is not None},
        outcomes=outcomes,
    )


def _with_decided_boundaries(item: _Item, rejects: list[Reject]) -> _Item | None:
    """The item with the boundaries that people gave it, or None if they found it to be no quotation."""
    outcome = item.outcomes.get("quotation")
    if outcome is None or outcome.settled == "none":
        return item
    after = value_of(outcome.after)
    if after is None:
        return None
    spans = {part: spans_of(pairs) for part, pairs in after.items()}
    last = max(span.end for some in spans.values() for span in some)
    if last > len(item.document.text):
        detail = f"quotation of {item.id}: a span ends at {last}, the text of {item.document.id} before that"
        rejects.append(Reject(STAGE, item.document.uri, RejectReason.BAD_RECORD, detail))
        outcomes = {name: one for name, one in item.outcomes.items() if name != "quotation"}
        return replace(item, outcomes=outcomes)
    content, cue, source = spans["content"], spans["cue"], spans["source"]
    return replace(item, quotation=replace(item.quotation, content=content, cue=cue, source=source))


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


def _quote_row(item: _Item, context: Span, speaker: Row | None, config: Config) -> Row:
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
        "context": context.of(document.text),
        **{name: _spans(within(context, spans)) for name, spans in parts.items()},
        "document_spans": {name: _spans(spans) for name, spans in parts.items()},
        "kind": quotation.kind,
        "speaker": speaker,
        "cluster": item.cluster,
        "confidence": quotation.confidence,
        "extractor": quotation.extractor,
        **_placed(item, source, config),
    }


def _stance_rows(item: _Item, context: Span, speaker: Row | None, config: Config) -> list[Row]:
    return [
        _stance_row(item, target.id, target.name, context, speaker, config)
        for target in config.targets
        if target.id in item.stances or STANCE + target.id in item.outcomes
    ]


def _stance_row(
    item: _Item, target: str, target_name: str, context: Span, speaker: Row | None, config: Config
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
        "context": context.of(item.document.text),
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
