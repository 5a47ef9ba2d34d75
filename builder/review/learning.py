"""Labelled examples of stance from what people decided in a campaign.

An adjudicator's label is taken as it is. Otherwise the answers of several people come to one label by
majority, to the shares of their votes, or to the probabilities of the model of Dawid and Skene; with the
latter two an example on which people differed counts for each label by its probability. "Cannot tell"
is no vote. A quotation that most people say is none teaches nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from builder.errors import UsageError
from builder.quotes.wording import within_wording, wording
from builder.records import Probability
from builder.review.adjudicate import Outcome, is_rejected, outcomes_of
from builder.review.aggregate import Beliefs, dawid_skene, vote_shares
from builder.review.agreement import Rating
from builder.review.campaigns import campaign_by_name
from builder.review.decisions import STANCE, spans_of, value_of
from builder.review.exchange.own import decisions_in
from builder.review.history import current, reviewed
from builder.review.items import Entry, Item, ItemTarget
from builder.review.store import Store, open_store
from builder.stance.description import ModelDescription
from builder.stance.examples import Aggregate, LabelledExample, StanceExample, Votes, from_beliefs
from builder.stance.train import Fit, train_on

Aggregation = Literal["majority", "votes", "dawid-skene"]
HALF = 0.5  # of the votes: a majority has more
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)


def train_from_review(
    url: str,
    name: str,
    aggregation: Aggregation,
    output: Path,
    seed: int = 0,
    notes: str = "",
    fit: Fit = train_on,
) -> ModelDescription:
    """Trains a model on the stances of a campaign of the database at `url`, as `builder.stance.train`.

    Raises:
        UsageError: there is no such database, labels were answered that the scheme lacks, a label has too few
            examples, or `output` cannot be written.
        Unknown: there is no such campaign.
    """
    store = open_store(url)
    labels = [label.name for label in campaign_by_name(store, name).scheme.labels]
    labelled = examples_from_review(store, name, aggregation)
    return fit(labelled, f"campaign {name} ({aggregation})", output, labels, seed, notes)


def aggregating(aggregation: Aggregation) -> Aggregate:
    """What makes beliefs of votes that came with labelled examples; a tie is no majority, and no label."""

    def aggregate(votes: Mapping[str, Votes], labels: Sequence[str]) -> Beliefs:
        ratings = [Rating(id_, who, label) for id_, given in votes.items() for who, label in given.items()]
        if aggregation == "dawid-skene":
            return dawid_skene(ratings, labels).beliefs
        shares = vote_shares(ratings, labels)
        if aggregation == "votes":
            return shares
        return {
            id_: tuple(Probability(one.label, 1.0) for one in some if one.probability > HALF)
            for id_, some in shares.items()
        }

    return aggregate


def examples_from_review(store: Store, name: str, aggregation: Aggregation) -> list[LabelledExample]:
    """The examples of a campaign, in the order of its items and their targets.

    Raises:
        Unknown: there is no such campaign.
        UsageError: labels were answered that its scheme lacks.
    """
    labels = [label.name for label in campaign_by_name(store, name).scheme.labels]
    return examples_of(
        ((item, current(entries)) for item, entries in reviewed(store, name)), labels, aggregation
    )


def examples_of(
    answered: Iterable[tuple[Item, Sequence[Entry]]], labels: Sequence[str], aggregation: Aggregation
) -> list[LabelledExample]:
    """The examples of items with the answers and rulings that hold on them.

    Raises:
        UsageError: labels were answered that are none of `labels`.
    """
    ratings: list[Rating] = []
    asked: list[tuple[str, StanceExample, str | None]] = []
    for item, entries in answered:
        # Duplicates would teach the same once more.
        decided = [one for one in decisions_in([(item, entries)]) if one.decision.item == item.key]
        outcomes = outcomes_of(decided).get(item.key, {})
        if item.quotation is None or is_rejected(outcomes):
            continue
        for target in item.targets:
            field = STANCE + target.id
            unit = f"{item.key} {field}"
            ratings += [
                Rating(unit, one.decision.annotator, value_of(one.decision.after))
                for one in decided
                if one.decision.field == field and one.role == "annotator" and one.decision.after is not None
            ]
            if field in outcomes and not _is_ruled_open(outcomes[field]):
                asked.append((unit, _example(item, target, outcomes), _settled(outcomes[field], aggregation)))
    given = [one.label for one in ratings] + [label for *_, label in asked if label is not None]
    _require_known(given, labels)
    beliefs = _beliefs(ratings, labels, aggregation)
    return [
        made
        for unit, example, label in asked
        if (made := _labelled(example, label, beliefs.get(unit, ()))) is not None
    ]


def _require_known(given: Iterable[str], labels: Sequence[str]) -> None:
    if unknown := sorted(set(given) - set(labels)):
        raise UsageError(
            f"the campaign holds answers with labels that its scheme lacks: {', '.join(unknown)}; its labels "
            f"are {', '.join(labels)}. Give the configuration the missing ones again, and run review init"
        )


def _is_ruled_open(outcome: Outcome) -> bool:
    """Whether an adjudicator ruled that it cannot be told."""
    return outcome.settled == "adjudicated" and outcome.after is None


def _settled(outcome: Outcome, aggregation: Aggregation) -> str | None:
    """The label that is settled; None where it is to be estimated, or there is none."""
    if outcome.settled == "adjudicated" or aggregation == "majority":
        label: str | None = value_of(outcome.after)
        return label
    return None


def _beliefs(ratings: Sequence[Rating], labels: Sequence[str], aggregation: Aggregation) -> Beliefs:
    if aggregation == "majority":
        return {}
    return vote_shares(ratings, labels) if aggregation == "votes" else dawid_skene(ratings, labels).beliefs


def _labelled(
    example: StanceExample, label: str | None, beliefs: Sequence[Probability]
) -> LabelledExample | None:
    if label is not None:
        return LabelledExample(example, label)
    return from_beliefs(example, beliefs)


def _example(item: Item, target: ItemTarget, outcomes: dict[str, Outcome]) -> StanceExample:
    """What a classifier is asked, with the boundaries and the speaker that people settled on."""
    start, text = item.context.start, item.context.text
    boundaries = value_of(outcomes["quotation"].after) if "quotation" in outcomes else None
    found = item.quotation.content if item.quotation else ()
    content = sorted(spans_of(boundaries["content"]) if boundaries else found)
    speaker = value_of(outcomes["speaker"].after) if "speaker" in outcomes else None
    named = item.speaker.name if item.speaker else ""
    return StanceExample(
        text=wording(text, content, start),
        target=target.name,
        speaker=speaker["name"] if speaker else named,
        context=text[item.paragraph.start - start : item.paragraph.end - start],
        mentions=within_wording(target.mentions, content),
    )
