"""`python -m eval agreement`: how far the annotators of corpora agree, by the product's own coefficients.

Stances of GWStance, eight annotators a clause, and the quotations of the articles of PolNeAR that several
people annotated: there each word is an item, in a part of a quotation or not. Also how often the model
of Dawid and Skene overrules the majority.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.records import to_row
from builder.release.markdown import table
from builder.review.aggregate import Beliefs, dawid_skene, vote_shares
from builder.review.agreement import Coefficient, Rating, alpha_by_label, kappa_by_pair, krippendorff_alpha

from .data import data_folder, fingerprint
from .polnear import read_rows

STANCES = "stance/gwsd_votes.jsonl"
ARTICLES = ("polnear/train_multi.jsonl", "polnear/dev_multi.jsonl")
SCALE = ("against", "neutral", "favor")
PARTS = ("content", "cue", "source")
WORD = re.compile(r"\w+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This evaluation has no options."""


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The coefficients of both corpora, with the fingerprint of the files.

    Raises:
        UsageError: the corpora are not there, or a line is malformed.
    """
    stances, *articles = files = [_corpus_file(name) for name in (STANCES, *ARTICLES)]
    votes = list(_votes(stances))
    kappas = [one.value for one in kappa_by_pair(votes).values() if one.value is not None]
    return {
        "data": fingerprint(files),
        "stances": {
            "clauses": len({one.item for one in votes}),
            "annotators": len({one.annotator for one in votes}),
            "nominal alpha": to_row(krippendorff_alpha(votes)),
            "ordinal alpha": to_row(krippendorff_alpha(votes, SCALE)),
            "alpha by label": {label: to_row(one) for label, one in alpha_by_label(votes).items()},
            "mean kappa of two": round(sum(kappas) / max(len(kappas), 1), 4),
            "majority overruled by Dawid and Skene": _overruled(votes),
        },
        "words in a part of a quotation": {
            part: to_row(krippendorff_alpha(ratings)) for part, ratings in _word_ratings(articles).items()
        },
    }


def render(figures: Mapping[str, Any]) -> str:
    """The coefficients as a Markdown table."""
    stances = figures["stances"]
    found = {f"stance, {name}": stances[name] for name in ("nominal alpha", "ordinal alpha")}
    found |= {f"stance, alpha of {label}": one for label, one in stances["alpha by label"].items()}
    found |= {
        f"words, alpha of {part}": one for part, one in figures["words in a part of a quotation"].items()
    }
    rows = [[name, *_cells(Coefficient(**one))] for name, one in found.items()]
    overruled = stances["majority overruled by Dawid and Skene"]
    return (
        f"{table(['', 'value', '95 % interval', 'items', 'annotators'], rows)}\n"
        f"Mean kappa of two annotators of stance: {stances['mean kappa of two']}. "
        f"Of {overruled['majorities']} majorities, the model of Dawid and Skene "
        f"overrules {overruled['overruled']}.\n"
    )


def _cells(one: Coefficient) -> list[str]:
    interval = "" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
    value = one.undefined if one.value is None else f"{one.value:.3f}"
    return [value, interval, f"{one.items:,}", str(one.annotators)]


def _corpus_file(name: str) -> Path:
    folder = data_folder()
    if folder is None or not (folder / name).is_file():
        raise UsageError(f"{name} is not there; set QUOTESTANCE_DATA to the folder of the corpora")
    return folder / name


def _votes(path: Path) -> Iterator[Rating]:
    for row in read_rows(path, ("id", "votes")):
        for annotator, label in row["votes"].items():
            yield Rating(row["id"], annotator, label)


def _overruled(votes: Iterable[Rating]) -> dict[str, int]:
    """How many items most annotators agree on, and for how many of them another label is likelier."""
    votes = list(votes)
    majorities = {item: label for item, label in _likeliest(vote_shares(votes, SCALE), 0.5).items() if label}
    believed = _likeliest(dawid_skene(votes, SCALE).beliefs, 0.0)
    overruled = sum(believed[item] != label for item, label in majorities.items())
    return {"majorities": len(majorities), "overruled": overruled}


def _likeliest(beliefs: Beliefs, above: float) -> dict[str, str | None]:
    """The most probable label of each item; None where it is not more probable than `above`."""
    best = {item: max(some, key=lambda one: one.probability) for item, some in beliefs.items()}
    return {item: one.label if one.probability > above else None for item, one in best.items()}


def _word_ratings(paths: Iterable[Path]) -> dict[str, list[Rating]]:
    """For each part of quotations, whether each annotator of an article has each of its words in one."""
    ratings: defaultdict[str, list[Rating]] = defaultdict(list)
    for path in paths:
        for row in read_rows(path, ("id", "text", "annotators")):
            words = [match.start() for match in WORD.finditer(row["text"])]
            for annotator, attributions in row["annotators"].items():
                for part in PARTS:
                    inside = {
                        at for one in attributions for start, end in one[part] for at in range(start, end)
                    }
                    ratings[part] += [
                        Rating(f"{row['id']} {at:07}", annotator, str(at in inside)) for at in words
                    ]
    return {part: ratings[part] for part in PARTS}
