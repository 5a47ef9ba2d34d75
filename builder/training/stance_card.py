"""The card of a stance encoder: its data and their terms, how well it does, what it cannot do."""

import re
from collections.abc import Sequence

from builder.stance.description import ModelDescription
from builder.stance.encoder import WEIGHTS
from builder.training.config import StanceStage, StanceTraining
from builder.training.encoders import called
from builder.training.stance_calibration import Measured
from builder.training.stance_data import Corpus

_CARD = """\
---
library_name: onnx
pipeline_tag: text-classification
language: en
tags: [stance-detection, quotations, news]
---

# {name}

The stance that a quotation expresses toward a target: {labels}. An encoder ({encoder}) reads target,
speaker and passage as one sequence of at most {read_tokens} tokens, in which every token is marked
with the part that it plays: target, speaker, quotation, context, or a word that names the target.
Written by `quotestance train stance --config`.
{terms}
## Training data

| corpus | pairs | labels | licence |
|---|---:|---|---|
{corpora}

{teacher}SHA-256 of the content of all pairs together: `{data}`. The encoder gte-small, from which the
project's own models start, is under the MIT License, and all-mpnet-base-v2, their teacher, under the Apache
License 2.0. No text of a corpus is in this folder.

The model itself learnt in these stages:

| stage | passes through the corpora | rates of encoder and head |
|---|---|---|
{stages}

Seed {seed}, sequences of at most {tokens} tokens in training, {hidden_share:.0%} of the tokens hidden.
{before}
## Figures

On each corpus's held-out pairs, through the graph in this folder. The calibration is cross-fitted: each
pair is judged by one that was fitted on other pairs (five folds).

{figures}

These hold for text like these corpora. On other subjects, outlets or times expect less, and measure it
with labels from the dataset at hand.

## Limits

- English only, and mostly news from the United States of 2014 to 2020.
- Irony, reported opinions of others and conditions are hard for an encoder of this size.
- A stance toward something that the text only implies is often answered as neutral.
- Nothing that it says is accepted without a person unless labels from the dataset at hand show how often it
  is right there.

## Files

`{weights}` (ONNX, weights of eight bits{table} {arithmetic}),
`tokenizer.json` (the encoder's), `model.json` (labels, calibration by the form of the question, fingerprint).
No pickle.
"""


def encoder_card(
    description: ModelDescription,
    config: StanceTraining,
    corpora: Sequence[Corpus],
    figures: Sequence[Measured],
    started: str = "",
    notes: str = "",
) -> str:
    """The card in Markdown. `started` is the card of the model that training started from; `notes` end it."""
    card = _CARD.format(
        name=description.name,
        labels=", ".join(description.labels),
        encoder=called(config.encoder),
        read_tokens=config.read_tokens,
        terms=f"\n**{description.terms}**\n" if description.terms else "",
        corpora="\n".join(
            f"| {one.name} | {len(one.train):,} | {', '.join(one.labels)} | {one.licence} |"
            for one in corpora
        ),
        teacher=_taught(config),
        data=description.data,
        stages="\n".join(_row(number, stage) for number, stage in enumerate(config.stages, 1)),
        seed=config.seed,
        tokens=config.tokens,
        hidden_share=config.hidden_share,
        before=_before(config.encoder, started),
        figures=_table(figures),
        weights=WEIGHTS,
        table=", and four for the table of words," if config.table_bits == 4 else "",
        arithmetic=_IN_EIGHT_BITS if config.arithmetic_bits == 8 else _MULTIPLIED_OUT,
    )
    return f"{card}\n{notes.strip()}\n" if notes.strip() else card


def card_again(card: str, name: str, figures: Sequence[Measured], in_eight_bits: bool) -> str:
    """The card of a model that was calibrated again and is called `name` now."""
    renamed = _TITLE.sub(f"# {name}", card, count=1)
    if in_eight_bits:
        renamed = renamed.replace(_MULTIPLIED_OUT, _IN_EIGHT_BITS)
    told, count = _TABLE.subn(lambda _: _table(figures) + "\n", renamed, count=1)
    return told if count else f"{card}\n# {name}\n\n## Figures\n\n{_table(figures)}\n".lstrip()


_MULTIPLIED_OUT = "multiplied out to floating-point numbers"
_IN_EIGHT_BITS = """multiplied as they are where the
processor has instructions for that, elsewhere out to floating-point numbers"""
_TITLE = re.compile(r"^# stance-\S+$", re.MULTILINE)
_HEAD = "| corpus | pairs | macro-F1 | accuracy | ECE (15 bins) |\n|---|---:|---:|---:|---:|\n"
_TABLE = re.compile(rf"^{re.escape(_HEAD)}(?:\|.*\n)*", re.MULTILINE)


def _table(figures: Sequence[Measured]) -> str:
    return _HEAD + "\n".join(
        f"| {one.corpus} | {one.count:,} | {one.figures['macro_f1']:.4f} "
        f"| {one.figures['accuracy']:.4f} | {one.figures['ece']:.4f} |"
        for one in figures
    )


def _taught(config: StanceTraining) -> str:
    """Where there is a teacher, what it is and what it taught."""
    teacher = config.teacher
    if teacher is None:
        return ""
    taught = []
    if teacher.corpora:
        taught.append(
            f"Of what the pairs of {', '.join(teacher.corpora)} teach, {teacher.share:.0%} are the answers "
            "of another encoder, its teacher."
        )
    if teacher.release:
        taught.append("The pairs of `unlabelled` teach nothing but the teacher's answers.")
    learnt = "\n".join(_row(number, stage) for number, stage in enumerate(teacher.stages, 1))
    return f"""{" ".join(taught)}
The teacher is {called(teacher.encoder)}, and learnt from the labels in these stages:

| stage | passes through the corpora | rates of encoder and head |
|---|---|---|
{learnt}

"""


def _before(name: str, card: str) -> str:
    """How the model learnt that training started from, as its own card tells it."""
    _, data, rest = card.partition("\n## Training data\n")
    told, figures, _ = rest.partition("\n## Figures\n")
    return f"\n### What {called(name)} learnt before\n{told.rstrip()}\n" if data and figures else ""


def _row(number: int, stage: StanceStage) -> str:
    place = str(number)
    if stage.beside:
        place += f", beside {number - 1}"
    if stage.share < 1:
        place += f"; {stage.share:.0%} of the mean with the weights before"
    passes = ", ".join(f"{name} {times:g}" for name, times in stage.passes.items())
    return f"| {place} | {passes} | {stage.encoder_rate:g}, {stage.head_rate:g} |"
