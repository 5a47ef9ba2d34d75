"""The published rows of one shard: its records, and what people decided about them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from builder.clusters.words import words_in
from builder.config import AUTO_TARGET, Config, Target
from builder.ids import identity_id, stance_id
from builder.records import Calibration, Span, Stance, TargetMention
from builder.release.context import body_runs, context_of, within
from builder.release.dataset import QUOTES, STANCE
from builder.release.items import Item, PublishedSpeaker, items_of
from builder.release.label_source import weakest
from builder.release.pseudonyms import pseudonym
from builder.release.removals import Removals, overlaps
from builder.release.shard import Shard
from builder.release.withdrawn import Withdrawn, withdrawn_from
from builder.review.added import is_added
from builder.review.adjudicate import Outcome, Outcomes
from builder.review.decisions import STANCE as STANCE_FIELD
from builder.review.decisions import value_of
from builder.review.matching import DecidedItem
from builder.stance.calibrate import at_temperature
from builder.stance.label import text_of
from builder.stance.named import may_be_person
from builder.stance.route import calibration_of
from builder.stance.sample import is_audited, place_in_sample, place_of

UNDATED = "undated"
MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\b")
DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")

_OF_ALL = [(name, pa.string()) for name in ("period", "day", "unit", "voice")]
BESIDE: Mapping[str, pa.Schema] = {
    QUOTES: pa.schema([*_OF_ALL, ("words", pa.string())]),
    STANCE: pa.schema(
        [
            *_OF_ALL,
            ("place", pa.float64()),
            ("predicted", pa.string()),
            *((name, pa.bool_()) for name in ("accepted", "audited", "sampled")),
        ]
    ),
}
"""What rows hold beside their published columns until they are written, by configuration.

`period` and `day` are those of publication; `unit` is what is never divided between two splits; `voice`
is who speaks, the same in every document; `words` are those of the quotation; `place` is what the quotation
draws for the random sample; `predicted` is the model's label, `accepted` says that it was routed past
people, and `audited` that it was drawn to be looked at all the same, and was; `sampled` rows were drawn for
people without regard to the model.
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What rows are published by: the configuration, what must not be published, the secret that makes
    pseudonyms of annotators' names (without it they have none), the name of the model that told who the
    speakers are, by field how sure the models are, and the ids that automatic targets have by the authority
    table.
    """

    config: Config
    removals: Removals = field(default_factory=Removals)
    secret: bytes | None = None
    ranker: str | None = None
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()

    def temperature(self, name: str) -> float:
        """What a field's probabilities are published at; 1 where too few labels of the dataset tell."""
        found = calibration_of(name, self.calibrations)
        return (found.temperature if found is not None else None) or 1.0


@dataclass(frozen=True, slots=True)
class QuotationRows:
    """The rows of one quotation; `quote` is None and `stance` empty if it is not published.

    `item` is its id and `document` that of its document. It is not published if people found it to
    be none, or if it is `withdrawn` on request. `unplaced` says that the boundaries which people gave it
    have no place in the text; `unnamed` are the fields that people decided of automatic targets which the
    quotation does not name, or no longer. `audited` stances of what is no quotation were accepted from the
    model and drawn for the audit.
    """

    item: str
    document: str
    quote: Row | None
    stance: list[Row]
    withdrawn: bool = False
    unplaced: bool = False
    unnamed: tuple[str, ...] = ()
    audited: int = 0


@dataclass(frozen=True, slots=True)
class _Published:
    """An item that is published, and what several of its rows say or follow from.

    `text` are the quotation's words, as they are published and, in `words`, as they are compared; `content`
    lies in `context`. `common` are columns that have the same value in each of its rows.
    """

    item: Item
    terms: Terms
    withdrawn: Withdrawn
    context: Span
    content: list[Row]
    text: str
    words: str
    speaker: Row | None
    common: Row


def rows_of(
    shard: Shard,
    decided: Mapping[str, DecidedItem],
    outcomes: Outcomes,
    terms: Terms,
    repeated: Iterable[str] = (),
) -> Iterator[QuotationRows]:
    """The rows of a shard, quotation by quotation; `decided` and `repeated` are as for `items_of`."""
    by_document: dict[str, list[Item]] = {}
    for item in items_of(shard, decided, outcomes, repeated):
        by_document.setdefault(item.document.id, []).append(item)
    for items in by_document.values():
        withdrawn = withdrawn_from(items, terms.removals)
        runs = body_runs(items[0].document)
        for item in items:
            yield _rows_of_one(item, runs, withdrawn, terms)


def _rows_of_one(item: Item, runs: Sequence[Span], withdrawn: Withdrawn, terms: Terms) -> QuotationRows:
    is_withdrawn, quote, stance = withdrawn.holds(item), None, []
    if not is_withdrawn and not item.is_none:
        published = _published(item, runs, withdrawn, terms)
        quote, stance = _quote_row(published), _stance_rows(published)
    return QuotationRows(
        item=item.id,
        document=item.document.id,
        quote=quote,
        stance=stance,
        withdrawn=is_withdrawn,
        unplaced=item.unplaced,
        unnamed=_unnamed_targets(item),
        audited=_audited_stances(item, terms) if item.is_none and not is_withdrawn else 0,
    )


def _published(item: Item, runs: Sequence[Span], withdrawn: Withdrawn, terms: Terms) -> _Published:
    document, quotation, release = item.document, item.quotation, terms.config.release
    context = context_of(document.text, runs, quotation, release.context, release.bodies, withdrawn.spans)
    text = text_of(document, quotation)
    common = {
        "document_id": document.id,
        "url": withdrawn.cleared_address(document.url),
        "raw_sha256": document.raw_sha256,
        "cluster": item.cluster,
        "context": context.of(document.text),
        **_placing(item, release.splits.by == "speaker"),
    }
    return _Published(
        item=item,
        terms=terms,
        withdrawn=withdrawn,
        context=context,
        content=_spans(within(context, quotation.content)),
        text=text,
        words=" ".join(words_in(text)),
        speaker=_speaker(item, terms),
        common=common,
    )


def _audited_stances(item: Item, terms: Terms) -> int:
    """How many stances of an item were accepted from the model and drawn for the audit."""
    if not is_audited(item.quotation.id, terms.config.review.audit_share):
        return 0
    routes = [route for name, route in item.routes.items() if name.startswith(STANCE_FIELD)]
    return sum(route.decision == "auto" for route in routes)


def _unnamed_targets(item: Item) -> tuple[str, ...]:
    """The decided fields of automatic targets that have no row: nobody configured what they are called."""
    return tuple(
        name
        for name in item.outcomes
        if name.startswith(STANCE_FIELD + AUTO_TARGET) and name.removeprefix(STANCE_FIELD) not in item.stances
    )


def _quote_row(published: _Published) -> Row:
    item, document, quotation = published.item, published.item.document, published.item.quotation
    context, cleared = published.context, published.withdrawn.cleared
    decided = [one for one in map(item.outcomes.get, ("quotation", "speaker")) if one is not None]
    agreements = [one.agreement for one in decided if one.agreement is not None]
    return {
        "id": item.id,
        **published.common,
        "title": published.withdrawn.cleared_title(document.title),
        "site": cleared(document.site),
        "agency": cleared(document.agency),
        "published": document.published,
        "document_extractor": document.extractor,
        "content": published.content,
        "cue": _spans(within(context, quotation.cue)),
        "source": _spans(within(context, quotation.source)),
        "document_spans": {
            "content": _spans(quotation.content),
            "cue": _spans(quotation.cue),
            "source": _spans(quotation.source),
            "context": _spans([context]),
            "mention": _spans(_mention(item, published.speaker)),
        },
        "kind": quotation.kind,
        "speaker": published.speaker,
        "confidence": None if is_added(quotation) else quotation.confidence,
        "label_source": weakest(item.source("quotation"), item.source("speaker")),
        "n_annotators": min((one.annotators for one in decided), default=0) if len(decided) == 2 else 0,
        "agreement": min(agreements) if len(agreements) == 2 else None,
        "extractor": quotation.extractor,
        "words": published.words,
    }


def _stance_rows(published: _Published) -> list[Row]:
    item, place = published.item, _place(published)
    configured = published.terms.config.targets
    automatic = [
        Target(id=one.target, name=one.name)
        for one in item.stances.values()
        if one.target.startswith(AUTO_TARGET) and not _is_withheld(published, one)
    ]
    return [
        _stance_row(published, target, place)
        for target in (*configured, *automatic)
        if target.id in item.stances or STANCE_FIELD + target.id in item.outcomes
    ]


def _is_withheld(published: _Published, stance: Stance) -> bool:
    """Whether an automatic target is not published: on request, or as a person who is not in the table."""
    terms, name = published.terms, stance.name
    if terms.removals.names_target(stance.target, name) or published.withdrawn.cleared(name) is None:
        return True
    if terms.config.release.publish_names == "all" or stance.target in terms.targets:
        return False
    return "person" in terms.config.stance.auto_targets and may_be_person(name)


def _mentions(published: _Published, stance: Stance | None) -> list[TargetMention]:
    """Where a target is named, as far as place and name may be published."""
    withdrawn = published.withdrawn
    return [
        one
        for one in (stance.mentions if stance is not None else ())
        if not overlaps(one.span, withdrawn.spans) and withdrawn.cleared(one.name) is not None
    ]


def _stance_row(published: _Published, target: Target, place: float) -> Row:
    """The row of one target; the model's columns are empty where only people saw that it is one."""
    item, content, speaker = published.item, published.item.quotation.content, published.speaker
    name, terms = STANCE_FIELD + target.id, published.terms
    stance, outcome, route = item.stances.get(target.id), item.outcomes.get(name), item.routes.get(name)
    answer = at_temperature(stance.probabilities, terms.temperature(name)) if stance else ()
    accepted = route is not None and route.decision == "auto"
    settled = outcome is not None and outcome.settled != "none"
    mentions = _mentions(published, stance)
    label = value_of(outcome.after) if outcome is not None and settled else stance and stance.label
    review = terms.config.review
    return {
        "id": stance_id(item.id, target.id),
        "quotation_id": item.id,
        **published.common,
        "text": published.text,
        "content": published.content,
        "document_spans": {
            "content": _spans(content),
            "context": _spans([published.context]),
            "target": _spans(one.span for one in mentions),
        },
        "speaker": speaker and speaker["name"],
        "target_id": target.id,
        "target": target.name,
        "target_named": stance and stance.where,
        "target_names": sorted({one.name for one in mentions}),
        "label": label,
        "probabilities": {one.label: one.probability for one in answer} if stance else None,
        "confidence": max(one.probability for one in answer) if stance else None,
        # An answer that leaves the label open, of a person or of the model, decides nothing.
        "label_source": item.source(name) if label is not None else "none",
        "n_annotators": outcome.annotators if outcome is not None else 0,
        "agreement": outcome and outcome.agreement,
        "annotations": _annotations(outcome, terms.secret) if outcome is not None else [],
        "model": stance and stance.model,
        "place": place,
        "predicted": stance and stance.label,
        "accepted": accepted,
        "audited": accepted and outcome is not None and is_audited(item.quotation.id, review.audit_share),
        # Whether what people decide on it was chosen without regard to the model.
        "sampled": terms.config.routes.calibrate_on == "all" or place < review.random_share,
    }


def _place(published: _Published) -> float:
    """What an item draws for the random sample, by the words that people were given."""
    decided = published.item.decided
    return place_in_sample(decided.text) if decided is not None else place_of(published.words)


def _speaker(item: Item, terms: Terms) -> Row | None:
    found = item.speaker
    if found is None:
        return None
    withheld = terms.config.release.publish_names == "authority" and found.entity is None and found.name
    return {
        "name": None if withheld else found.name,
        "kind": found.kind,
        "id": found.entity,
        "confidence": found.confidence,
        "method": found.method,
        "model": terms.ranker if found.method is not None else None,
    }


def _mention(item: Item, speaker: Row | None) -> list[Span]:
    """Where the text names the speaker most fully, unless the name is withheld."""
    named = speaker is not None and speaker["name"] is not None
    return [item.speaker.mention] if named and item.speaker is not None and item.speaker.mention else []


def _annotations(outcome: Outcome, secret: bytes | None) -> list[Row]:
    """What each annotator answered, in the order of the pseudonyms, or of the answers without any."""
    told = [{"annotator": pseudonym(who, secret), "label": value_of(label)} for who, label in outcome.answers]
    return sorted(told, key=lambda one: (one["annotator"] or "", one["label"] or ""))


def _placing(item: Item, by_speaker: bool) -> Row:
    """What decides where the rows of an item are placed."""
    voice, date = voice_of(item.speaker), item.document.published or ""
    month, day = MONTH.match(date), DAY.match(date)
    return {
        "period": month[0] if month else UNDATED,
        "day": day[0] if day else None,
        "unit": voice if by_speaker and voice is not None else item.cluster,
        "voice": voice,
    }


def voice_of(speaker: PublishedSpeaker | None) -> str | None:
    """The id of who speaks, the same in every document; without a known identity, of the entry of the
    authority table, or of the name. "A spokesman" of one article is not the one of another.
    """
    if speaker is None or not speaker.name or speaker.kind == "unnamed":
        return None
    if speaker.identity is not None:
        return speaker.identity
    if speaker.entity is not None:
        return identity_id("entity", speaker.entity)
    return identity_id("name", speaker.kind, " ".join(speaker.name.casefold().split()))


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [{"start": span.start, "end": span.end} for span in spans]
