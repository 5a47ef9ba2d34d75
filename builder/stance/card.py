"""The card of a stance model: what it was trained on, how well it does, what it cannot do."""

from builder.stance.description import ModelDescription

_CARD = """\
---
library_name: scikit-learn
pipeline_tag: text-classification
tags: [stance-detection, quotations, news]
---

# {name}

A classifier of the stance that a quotation expresses toward a target: {labels}.
Logistic regression over TF-IDF of words, of words near the target and of character n-grams, with the
target's own words masked. Written by `quotestance train stance`.

## Training data

{training_data}
SHA-256 of their content: `{data}`.

## Figures

Each example held out once: {folds} folds, all examples of one text in the same fold, seed {seed}; the
probabilities calibrated by a temperature fitted on the other folds.

| macro-F1 | accuracy | ECE (15 bins) |
|---:|---:|---:|
| {macro_f1:.4f} | {accuracy:.4f} | {ece:.4f} |

These hold for text like the training data. On other subjects, outlets or times expect less, and
measure it with labels from the dataset at hand.

## Limits

- It sees words, not meaning: irony, comparisons, conditions and who wants what are mostly lost on it.
- It judges by the words near a name of the target; a target that the text only implies is hard for it.
- A text of which it knows no word gets the same probability for every label, and no label.
- Nothing that it says is accepted without a person: its confidence is calibrated on its training
  data, not on the dataset that it is used on.

## Files

`weights.skops` (no pickle; written with {libraries}), `model.json` (labels, fingerprint
`{fingerprint}`, temperature {temperature}).
"""


def model_card(description: ModelDescription, folds: int, notes: str = "") -> str:
    """The card in Markdown; `notes` is appended to it."""
    card = _CARD.format(
        name=description.name,
        labels=", ".join(description.labels),
        training_data=description.training_data(),
        data=description.data,
        folds=folds,
        seed=description.seed,
        libraries=", ".join(f"{name} {version}" for name, version in description.libraries.items()),
        fingerprint=description.fingerprint[:12],
        temperature=description.temperature,
        **description.figures,
    )
    return f"{card}\n{notes.strip()}\n" if notes.strip() else card
