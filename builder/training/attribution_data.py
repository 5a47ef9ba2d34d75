"""Annotated articles as what the network learns from: windows with labelled words, collated to batches.

An article is a line of JSONL in PolNeAR's terms: `id`, `text` and `attributions`, each with `source`,
`cue` and `content` as spans [start, end] in code points.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from builder.errors import UsageError
from builder.lines import read_objects
from builder.quotes.encoding import Window, windows
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs as paragraphs_of
from builder.quotes.states import (
    CONTENT_BEGINS,
    CUE,
    NONE,
    SOURCE_BEGINS,
    STATES,
    TAGS,
    around,
    buckets,
    steps,
)
from builder.tokenization import Tokenizer

ROLES = ("content", "source", "cue")
FAR_SIGN = 3  # a sign is a cue only this near behind a word, in characters


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say of a window, as probabilities.

    `tags` (words, TAGS) and `anchors` (words) are of every word. For each anchor of the example, `states`
    (seen, STATES) are of the words that it sees, and `moves` (STATES, STATES) are the steps expected from
    state to state.
    """

    tags: NDArray[np.float32]
    anchors: NDArray[np.float32]
    states: tuple[NDArray[np.float32], ...]
    moves: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A window and its attributions: the word that is the anchor, and the state of every word toward it.

    `tags` are the words' roles whatever the anchor: 0, or 1 + 2 x role, one more where a piece goes on.
    Of a text that nobody annotated they say nothing. `answer` is what the network learns instead, if there is
    one.
    """

    window: Window
    tags: NDArray[np.int64]
    anchors: tuple[int, ...]
    states: tuple[NDArray[np.int64], ...]
    annotated: bool = True
    answer: Answer | None = None

    def seen(self) -> list[slice]:
        """The words that each anchor sees."""
        return [around(anchor, len(self.tags)) for anchor in self.anchors]


def read_articles(path: Path) -> list[dict[str, Any]]:
    """The articles of a file, checked.

    Raises:
        UsageError: it cannot be read or has no articles, or a line is no annotated article.
    """
    articles = []
    for number, article in read_objects(path):
        problem = _problem(article)
        if problem:
            raise UsageError(f"{path}:{number}: {problem}")
        articles.append(article)
    if not articles:
        raise UsageError(f"{path}: has no articles")
    return articles


def _problem(article: Mapping[str, Any]) -> str:
    """What is wrong with an annotated article; empty if nothing is."""
    for key in ("id", "text"):
        if not isinstance(article.get(key), str):
            return f"{key!r} is missing or no text"
    attributions = article.get("attributions")
    if not isinstance(attributions, list):
        return "'attributions' is missing or no list"
    for number, attribution in enumerate(attributions):
        for role in ROLES:
            spans = attribution.get(role) if isinstance(attribution, dict) else None
            if not isinstance(spans, list) or not all(_is_span(one, article["text"]) for one in spans):
                return f"attributions[{number}]: {role!r} is no list of [start, end] within the text"
    return ""


def _is_span(value: Any, text: str) -> bool:
    return (
        isinstance(value, list)
        and [type(one) for one in value] == [int, int]
        and 0 <= value[0] < value[1] <= len(text)
    )


def read_texts(paths: Iterable[Path]) -> list[str]:
    """The different texts of files, each the `text` of a line, in their order.

    Raises:
        UsageError: one cannot be read or has no texts, or a line has none.
    """
    found: dict[str, None] = {}
    for path in paths:
        number = 0
        for number, line in read_objects(path):
            if not isinstance(line.get("text"), str):
                raise UsageError(f"{path}:{number}: 'text' is missing or no text")
            found[line["text"]] = None
        if not number:
            raise UsageError(f"{path}: has no texts")
    return list(found)


def examples(
    article: Mapping[str, Any], tokenizer: Tokenizer, limit: int, first_limit: int | None = None
) -> list[Example]:
    """The windows of an article with what they teach; without `attributions` nobody annotated it."""
    text = article["text"]
    lines = paragraphs_of(text)
    cut = windows(text, lines, pair_marks(text, lines), tokenizer, limit, first_limit)
    learnt = [_example(window, article.get("attributions", ())) for window in cut if len(window.starts)]
    return learnt if "attributions" in article else [replace(one, annotated=False) for one in learnt]


def _example(window: Window, attributions: Sequence[Mapping[str, Any]]) -> Example:
    words = len(window.starts)
    tags = np.zeros(words, dtype=np.int64)
    anchors, states = [], []
    for attribution in attributions:
        places = {role: _places(window, attribution[role]) for role in ROLES}
        for number, role in enumerate(ROLES):
            _write(tags, places[role], 1 + 2 * number, 2 + 2 * number)
        anchor = places["cue"][0][0] if places["cue"] else _word_before(window, attribution["cue"])
        if anchor is None or not places["content"]:
            continue
        state = np.full(words, NONE, dtype=np.int64)
        _write(state, places["content"], CONTENT_BEGINS, CONTENT_BEGINS + 1)
        _write(state, places["source"], SOURCE_BEGINS, SOURCE_BEGINS + 1)
        _write(state, places["cue"], CUE, CUE)
        anchors.append(anchor)
        states.append(state)
    return Example(window, tags, tuple(anchors), tuple(states))


def _places(window: Window, spans: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The words that each span touches, as ranges; pieces with no word between them are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((int(start), int(end)) for start, end in spans):
        first = int(np.searchsorted(window.ends, start, side="right"))
        last = int(np.searchsorted(window.starts, end, side="left"))
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _word_before(window: Window, cue: Sequence[Sequence[int]]) -> int | None:
    """The anchor of a cue that is a mere sign, as a colon is: the word before it."""
    if not cue:
        return None
    word = int(np.searchsorted(window.starts, cue[0][0], side="left")) - 1
    near = word >= 0 and cue[0][0] - window.ends[word] <= FAR_SIGN
    return word if near and cue[0][1] <= window.ends[-1] else None


def _write(states: NDArray[np.int64], places: Sequence[tuple[int, int]], begins: int, goes_on: int) -> None:
    for first, last in places:
        states[first:last] = goes_on
        states[first] = begins


class Collator:
    """Pads examples to a batch of the network's; hides a share of the tokens, drawn by its own generator."""

    def __init__(self, mask: int, hidden_share: float, seed: int) -> None:
        self._mask, self._hidden_share = mask, hidden_share
        self._random = np.random.default_rng(seed)

    def __call__(self, items: Sequence[Sequence[Example]]) -> dict[str, Tensor]:
        """The tensors of the only item, which is a batch: words to read, what they should be, and links."""
        (some,) = items
        batch = windows_of(some)
        if self._hidden_share:
            hidden = torch.from_numpy(self._random.random(batch["tokens"].shape) < self._hidden_share)
            hidden[:, 0] = False
            batch["tokens"][hidden & batch["attention"].bool()] = self._mask
        learnt = [one.answer or annotated(one) for one in some]
        return {
            **batch,
            "tags": _padded([one.tags for one in learnt]),
            "anchors": _padded([one.anchors for one in learnt]),
            "weights": _mask([len(one.tags) for one in some]).float(),
            **links(some),
            "states": _padded([states for one in learnt for states in one.states]),
            "moves": _padded([moves for one in learnt for moves in one.moves]),
        }


def windows_of(some: Sequence[Example]) -> dict[str, Tensor]:
    """What the network reads of a batch."""
    return {
        **{
            name: _padded([getattr(one.window, name) for one in some])
            for name in ("tokens", "shapes", "quotes", "first_tokens")
        },
        "attention": _mask([len(one.window.tokens) for one in some]).long(),
    }


def annotated(one: Example) -> Answer:
    """What people annotated, as probabilities."""
    anchors = np.zeros(len(one.tags), dtype=np.float32)
    anchors[list(one.anchors)] = 1.0
    states = [_one_hot(_seen(*link), STATES) for link in zip(one.states, one.seen(), strict=True)]
    moves = [some[:-1].T @ some[1:] for some in states]
    return Answer(_one_hot(one.tags, TAGS), anchors, tuple(states), tuple(moves))


def _one_hot(numbers: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    return np.eye(count, dtype=np.float32)[numbers]


def _seen(states: NDArray[np.int64], place: slice) -> NDArray[np.int64]:
    """The states of the words that an anchor sees."""
    kept = states[place].copy()
    if kept[0] in {CONTENT_BEGINS + 1, SOURCE_BEGINS + 1}:
        kept[0] -= 1  # its beginning is out of reach
    return kept


def links(some: Sequence[Example], margin: int = 0) -> dict[str, Tensor]:
    """Where the anchors of a batch are, and what they see, with so many empty places behind the longest."""
    rows = [row for row, one in enumerate(some) for _ in one.anchors]
    at = [anchor for one in some for anchor in one.anchors]
    places = [place for one in some for place in one.seen()]
    columns: dict[str, list[NDArray[np.int64]]] = {name: [] for name in ("around", "distances", "steps")}
    for row, anchor, place in zip(rows, at, places, strict=True):
        numbers = np.arange(place.start, place.stop)
        paragraphs = some[row].window.paragraphs
        columns["around"].append(numbers)
        columns["distances"].append(buckets(numbers - anchor))
        columns["steps"].append(steps(paragraphs[place], paragraphs[anchor]))
    seen = {name: _padded(rows_of) for name, rows_of in columns.items()}
    seen["inside"] = _mask([len(one) for one in columns["around"]])
    return {
        "row": torch.tensor(rows, dtype=torch.long),
        "at": torch.tensor(at, dtype=torch.long),
        **{name: nn.functional.pad(tensor, (0, margin)) for name, tensor in seen.items()},
    }


def _padded(rows: Sequence[NDArray[Any]]) -> Tensor:
    if not rows:
        return torch.zeros(0, 0)
    return pad_sequence([torch.from_numpy(row) for row in rows], batch_first=True)


def _mask(lengths: Sequence[int]) -> Tensor:
    longest = max(lengths, default=0)
    return torch.arange(longest).unsqueeze(0) < torch.tensor(lengths, dtype=torch.long).unsqueeze(1)


def packings(
    articles: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, limit: int, count: int, seed: int
) -> Iterator[list[Example]]:
    """All articles cut to windows in `count` ways: the first window's limit is drawn."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield [
            one
            for article in articles
            for one in examples(article, tokenizer, limit, int(random.integers(limit // 4, limit + 1)))
        ]
