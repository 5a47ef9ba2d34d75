"""Sentence embeddings of stance examples, from the encoder that ships for attribution, frozen.

That encoder was fine-tuned to find quotations; what it makes of a word is all that is used of it.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.engine.workspace import batched
from builder.quotes.encoding import Window, padded, windows
from builder.quotes.marks import pair_marks
from builder.quotes.model import SHIPPED, TaggerModel, load_tagger
from builder.quotes.paragraphs import paragraphs
from builder.stance.examples import StanceExample

Vectors = NDArray[np.float64]

MOST_TOKENS = 128  # of a text; what comes later is not read
AT_ONCE = 32  # texts of about one length


def pair_vectors(examples: Sequence[StanceExample]) -> Vectors:
    """What text and target are together, shape (examples, 4 * width): both, their product, their distance."""
    text = text_vectors([one.text for one in examples])
    names = sorted({one.target for one in examples})
    of_name = dict(zip(names, text_vectors(names), strict=True))
    target = np.array([of_name[one.target] for one in examples])
    return np.hstack([text, target, text * target, np.abs(text - target)])


def standardised(vectors: Vectors) -> Vectors:
    """Each column with mean 0 and, over all columns together, rows of length 1 on average.

    So the classifier's penalty weighs as much as on TF-IDF, whose rows have about that length.
    """
    centred = vectors - vectors.mean(axis=0)
    scaled: Vectors = centred / np.maximum(centred.std(axis=0), 1e-9)
    return scaled / math.sqrt(scaled.shape[1])


def text_vectors(texts: Sequence[str]) -> Vectors:
    """The mean of the vectors of a text's words, of length 1; zeros for a text without words."""
    model = load_tagger(SHIPPED)
    read = [_window(text, model) for text in texts]
    rows = sorted(
        (number for number, one in enumerate(read) if one is not None and len(one.starts)),
        key=lambda number: len(_known(read[number]).tokens),
    )
    found: dict[int, Vectors] = {}
    for some in batched(rows, AT_ONCE):
        found.update(zip(some, _means([_known(read[number]) for number in some], model), strict=True))
    width = len(next(iter(found.values()), ()))
    vectors = np.array([found.get(number, np.zeros(width)) for number in range(len(texts))])
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)


def _window(text: str, model: TaggerModel) -> Window | None:
    lines = paragraphs(text)
    return next(iter(windows(text, lines, pair_marks(text), model.tokenizer, MOST_TOKENS)), None)


def _known(window: Window | None) -> Window:
    assert window is not None  # noqa: S101 - for the type checker: those without are left out
    return window


def _means(some: Sequence[Window], model: TaggerModel) -> Iterator[Vectors]:
    size = max(len(one.tokens) for one in some)
    _, _, words = model.network.read(
        padded([one.tokens for one in some], size),
        padded([np.ones_like(one.tokens) for one in some], size),
        padded([one.shapes for one in some], size),
        padded([one.quotes for one in some], size),
        padded([one.first_tokens for one in some], size),
    )
    for row, one in zip(words, some, strict=True):
        yield row[: len(one.starts)].mean(axis=0).astype(np.float64)
