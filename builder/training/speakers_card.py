"""The card of a ranker of speakers: what it was trained on, how well it does, what it cannot do."""

from collections.abc import Mapping
from pathlib import Path

from builder.ids import sha256
from builder.training.config import SpeakerTraining

_CARD = """\
---
library_name: numpy
language: en
tags: [quotation-attribution, coreference-resolution, news]
---

# {name}

Tells who the source of a quotation is: which of the people that an English news article names, or an
organisation, a government, a group, somebody unnamed, or the author. A linear model tells from the
source's words what kind of speaker it describes; a small network, the mean of {members}, weighs the
candidates by {numbers} numbers (where and how each is named, titles, gender, what the source calls
them, what other articles do), and a second, smaller one corrects it by what was found for the sources
around. `people.tsv` holds what the training articles say: the words for people whom several of them
name in full, and the nouns that stand beside names. Written by `quotestance train speakers`.

## Training data

Sources of PolNeAR 1.0, which states no licence for its texts: measure and train, do not republish
them. Who each source is was labelled for this project.

| | file | SHA-256 |
|---|---|---|
| articles | {articles_name} | `{articles_hash}` |
| speakers | {speakers_name} | `{speakers_hash}` |

Seed {seed}, {epochs} passes, {sources} labelled sources. In copies of the articles {hidden:.0%} of the
sources were hidden, so that the ranker also knows quotations whose source was not found. All articles,
with labels or not, count for `people.tsv`.

## Figures

Each of the training articles read by networks that were trained on the others ({folds} parts): the
right candidate comes first for {right:.1%} of the sources, given the annotated source. The temperature
of the probabilities is chosen on the same readings.

## Limits

- English news, mostly of the United States. On other texts expect less, and measure it.
- Given names say something about "he" and "she" only where the text does not, and then by how often
  women bear them in the United States.
- Somebody whom the article never names cannot be found, and a speaker who is named far from the
  quotation is found less often.
"""


def speakers_card(
    name: str, config: SpeakerTraining, figures: Mapping[str, float], articles: Path, speakers: Path
) -> str:
    """The card in Markdown."""
    return _CARD.format(
        name=name,
        members=config.members,
        numbers=int(figures["numbers"]),
        articles_name=articles.name,
        articles_hash=sha256(articles.read_bytes()),
        speakers_name=speakers.name,
        speakers_hash=sha256(speakers.read_bytes()),
        seed=config.seed,
        epochs=config.first.epochs,
        hidden=config.hidden,
        sources=int(figures["sources"]),
        folds=int(figures["folds"]),
        right=figures["right"],
    )
