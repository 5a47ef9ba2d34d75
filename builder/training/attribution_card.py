"""The card of an attribution model: what it was trained on, how well it does, what it cannot do."""

import re
from dataclasses import dataclass
from pathlib import Path

from builder.ids import sha256
from builder.quotes.model import LINKER, READER, Description, is_model
from builder.training.attribution_calibration import Figures
from builder.training.config import AttributionTeacher, AttributionTraining
from builder.training.encoders import called

CARD = "README.md"
_CARD = """\
---
library_name: onnx
pipeline_tag: token-classification
language: en
tags: [quotation-extraction, quotation-attribution, news]
---

# {name}

Finds the quotations of English news articles, direct, mixed and indirect, each with its cue and its
source. An encoder ({encoder}) reads windows of at most {window_tokens} tokens; every quotation is
found by its anchor, the first word of its cue, and a linear-chain conditional random field for each
anchor says which words around it are content, source and cue. Written by
`quotestance train attribution`.

## Training data

{training}

## Figures

Bars and confidences were chosen on {held_out_name}{split} (SHA-256
`{held_out_hash}`):
{held_out_count} articles with {held_out_quotations} annotated quotations. The figures are of these, through
the graphs in this folder, the confidences fitted on other articles than those they are counted on (five
folds). A quotation is right if it shares at least half of its words with an annotated one, each way,
and the sources share a word or both are empty.

| joint F1 | ECE (15 bins) |
|---:|---:|
| {joint_f1:.4f} | {ece:.4f} |

| share of quotations, the most confident first | of these right |
|---:|---:|
{coverage}

## Limits

- English news. On other genres and times expect less, and measure it on articles of your own.
- It was taught to mark attitudes and beliefs ("hopes that", "a plan to"), as its training data do;
  people themselves disagree on many of these.
- A quotation is looked for within its window of paragraphs. Nested quotations are one quotation.
- Quoted sentences that it passes over come out with little confidence and without a source.

## Files

`{reader}` and `{linker}` (ONNX, weights of eight bits; {arithmetic}),
`tokenizer.json` (the encoder's), `model.json` (bars, confidences, transitions). No pickle.
"""

_TRAINING = """\
{data}

| | file | SHA-256 |
|---|---|---|
| trained on | {articles_name} | `{articles_hash}` |

Seed {seed}, {epochs:g} passes over the articles, {batch_tokens:,} tokens a step, rates {encoder_rate:g}
(encoder) and {head_rate:g} (the rest).{teacher}"""

_ARTICLES = """\
{articles_name}: annotated articles, one JSON object a line.
The articles in this project's own training are those of PolNeAR 1.0 (Newell, Margolin and Ruths 2018),
US political news of 2015 and 2016 from seven outlets. **PolNeAR states no licence**, and the articles
are their publishers': no text of it is in this folder, and whether weights trained on it suit your
purpose is for you to judge. The encoder gte-small is under the MIT License, all-MiniLM-L6-v2 and
all-mpnet-base-v2 are under the Apache License 2.0."""

_IN_EIGHT_BITS = """the reader's are
multiplied as they are where the processor has instructions for that, others out to floating-point numbers"""
_TEACHER = """
Of what a window teaches, {share:.0%} is what a larger encoder ({encoder}) answers to it, which has learnt
the same articles in {epochs:g} passes (knowledge distillation, Hinton et al. 2015).{texts}"""
_FINISHED = """
Of what a window teaches, {share:.0%} is what a finished model ({encoder}) answers to it (knowledge
distillation, Hinton et al. 2015).{texts}

### What {encoder} learnt

{before}"""
_TEXTS = """
Each pass goes through texts, too, that it alone has answered: {names} ({licence})."""

_RELEASE = """\
The passages of the split `train` of {source} in which people settled every quotation. Their licence is the
dataset's."""
_SPLIT = " of the split `validation` of {source}"
_NOT_TOLD = "The weights are those of another model, without a card that says what they learnt from."
_ENCODER = re.compile(r"^source\. An encoder \((.+)\) reads windows", re.MULTILINE)
_SECTION = re.compile(r"^## Training data\n(.*?)^## ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a card says of the weights: the encoder's name, and in Markdown what they learnt from."""

    encoder: str
    training: str


def attribution_card(
    description: Description,
    learnt: Learnt,
    figures: Figures,
    held_out: Path,
    in_eight_bits: bool,
    source: str | None = None,
) -> str:
    """The card in Markdown; `source` names the release that the articles are from, if they are from one."""
    return _CARD.format(
        name=description.name,
        encoder=learnt.encoder,
        window_tokens=description.settings.window_tokens,
        training=learnt.training,
        held_out_name=held_out.name,
        held_out_hash=sha256(held_out.read_bytes()),
        split=_SPLIT.format(source=source) if source else "",
        held_out_count=figures.articles,
        held_out_quotations=figures.quotations,
        joint_f1=figures.joint_f1,
        ece=figures.ece,
        coverage="\n".join(f"| {share:.0%} | {right:.1%} |" for share, right in figures.coverage),
        reader=READER,
        linker=LINKER,
        arithmetic=_IN_EIGHT_BITS if in_eight_bits else "they are multiplied out to floating-point numbers",
    )


def learnt_from(config: AttributionTraining, articles: Path, source: str | None = None) -> Learnt:
    """What is to say of weights that a configuration has trained; `source` as in `attribution_card`."""
    data = _RELEASE.format(source=source) if source else _ARTICLES.format(articles_name=articles.name)
    training = _TRAINING.format(
        data=data,
        articles_name=articles.name,
        articles_hash=sha256(articles.read_bytes()),
        seed=config.seed,
        epochs=config.epochs,
        batch_tokens=config.batch_tokens,
        encoder_rate=config.encoder_rate,
        head_rate=config.head_rate,
        teacher=_told_of(config.teacher),
    )
    encoder = called(config.encoder)
    if config.encoder_layers:
        encoder += f", the lowest {config.encoder_layers} of its layers"
    return Learnt(encoder, training)


def read_learnt(folder: Path) -> Learnt:
    """What the card in a model's folder says of its weights, for another that has them or learns from it."""
    path = folder / CARD
    card = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    encoder, training = _ENCODER.search(card), _SECTION.search(card)
    return Learnt(encoder[1] if encoder else "not named", training[1].strip() if training else _NOT_TOLD)


def _told_of(teacher: AttributionTeacher | None) -> str:
    if teacher is None:
        return ""
    names = ", ".join(path.name for path in teacher.texts)
    finished = is_model(Path(teacher.encoder))
    return (_FINISHED if finished else _TEACHER).format(
        share=teacher.share,
        encoder=called(teacher.encoder),
        epochs=teacher.epochs,
        texts=_TEXTS.format(names=names, licence=teacher.licence or "as their owner says") if names else "",
        before=read_learnt(Path(teacher.encoder)).training if finished else "",
    )
