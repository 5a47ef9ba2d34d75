"""The figures of extracted article bodies against gold bodies."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

SHINGLE = 4  # words
QUOTED_WORDS = 3  # of a quotation that counts, at least

_WORD = re.compile(r"\w+")
# Between double marks of any shape, within one line, without another mark inside.
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»\n]{3,}?)[”\"»]")


@dataclass(frozen=True, slots=True)
class PageFigures:
    """One page: overlap with its gold body, and counts of quotations.

    `kept` of the `quotations` in gold are in the prediction; `foreign` of the `predicted` quotations
    are not in gold.
    """

    precision: float
    recall: float
    f1: float
    kept: int
    quotations: int
    foreign: int
    predicted: int


def score(gold: Mapping[str, str], predictions: Mapping[str, str]) -> dict[str, float]:
    """The figures over the pages of `gold`, bodies by id; each is rounded to three decimals.

    Returns:
        `pages` and how many are `missing` in the predictions; `p`, `r` and `f1` of the bodies' 4-word
        shingles, means over pages; `kept`, the share of gold's quotations that occur in the predicted
        body, and `foreign`, the share of the predicted body's quotations that do not occur in gold's,
        over all pages together; the number of `quotations` in gold.
    """
    pages = [page_figures(body, predictions.get(id_, "")) for id_, body in gold.items()]
    quotations = sum(page.quotations for page in pages)
    count = max(len(pages), 1)
    return {
        "pages": len(pages),
        "missing": sum(id_ not in predictions for id_ in gold),
        "p": round(sum(page.precision for page in pages) / count, 3),
        "r": round(sum(page.recall for page in pages) / count, 3),
        "f1": round(sum(page.f1 for page in pages) / count, 3),
        "kept": round(sum(page.kept for page in pages) / max(quotations, 1), 3),
        "foreign": round(
            sum(page.foreign for page in pages) / max(sum(page.predicted for page in pages), 1), 3
        ),
        "quotations": quotations,
    }


def page_figures(gold: str, predicted: str) -> PageFigures:
    """The figures of one page."""
    wanted, got = shingles(gold), shingles(predicted)
    common = (wanted & got).total()
    precision, recall = common / max(got.total(), 1), common / max(wanted.total(), 1)
    gold_words, predicted_words = folded(gold), folded(predicted)
    gold_quotations, predicted_quotations = quotations(gold), quotations(predicted)
    return PageFigures(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if common else 0.0,
        kept=sum(words in predicted_words for words in gold_quotations),
        quotations=len(gold_quotations),
        foreign=sum(words not in gold_words for words in predicted_quotations),
        predicted=len(predicted_quotations),
    )


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words in `text`, case apart; a shorter text is one run."""
    words = _WORD.findall(text.casefold())
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(len(words) - SHINGLE + 1, 1)))


def quotations(text: str) -> list[str]:
    """The words of the quotations in `text`."""
    found = (folded(quoted) for quoted in _QUOTED.findall(text))
    return [words for words in found if len(words.split()) >= QUOTED_WORDS]


def folded(text: str) -> str:
    """The words of `text` and nothing between them but a blank, case and the kind of apostrophe apart."""
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))
