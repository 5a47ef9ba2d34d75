"""What the network learns from: annotated articles in, labelled words and batches out."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import torch

from builder.errors import UsageError
from builder.quotes.model import SHIPPED
from builder.quotes.states import BEFORE, BEHIND, CONTENT, CONTENT_BEGINS, NONE, buckets
from builder.quotes.states import STATES as STATE_COUNT
from builder.quotes.states import TAGS as TAG_COUNT
from builder.tokenization import Tokenizer
from builder.training.attribution_data import Answer, Collator, Example, examples, packings, read_texts
from builder.training.attribution_data import annotated as annotated_answer
from tests.training.articles import ARTICLES, Article, annotated

STATES = "-CcSsv"  # nothing, content, source and cue; small letters where a piece goes on
TAGS = "-CcSsVv"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(SHIPPED)


def words(text: str, one: Example) -> list[str]:
    return [text[start:end] for start, end in zip(one.window.starts, one.window.ends, strict=True)]


def shown(text: str, one: Example) -> list[tuple[str, str]]:
    """Each anchor, and the states of all words toward it."""
    return [
        (words(text, one)[anchor], "".join(STATES[state] for state in states))
        for anchor, states in zip(one.anchors, one.states, strict=True)
    ]


def only(article: Article, tokenizer: Tokenizer, limit: int = 256) -> Example:
    (one,) = examples(article, tokenizer, limit)
    return one


@pytest.mark.parametrize(
    ("marked", "expected", "tags"),
    [
        # We will go said Mayor Brandt It rains
        ("{c1 “We will go,”} {v1 said} {s1 Mayor Brandt}. {c1 “It rains.”}",
         [("said", "CccvSsCc")], "CccVSsCc"),
        ("{s1s2 Brandt} {v1 said} {c1 that it rained} and {v2 denied} {c2 that it snowed}.",
         [("said", "SvCcc-----"), ("denied", "S-----vCcc")], "SVCcc-VCcc"),
        ("{c1 The plan}, {v1 according to} {s1 the council}, {c1 has failed}.",
         [("according", "CcvvSsCc")], "CcVvSsCc"),
        ("{c1 It rains}, it {v1 was said}.", [("was", "Cc-vv")], "Cc-Vv"),
        # Two pieces with no word between them are one.
        ("{c1 “We go.”} {c1 “We stay,”} {s1 he} {v1 said}.", [("said", "CcccSv")], "CcccSV"),
        # A cue that is a mere sign hangs on the word before it.
        ("{s1 Brandt}{v1 :} {c1 We go.}", [("Brandt", "SCc")], "SCc"),
        ("{s1 Brandt} {v1 —} {c1 We go.}", [("Brandt", "SCc")], "SCc"),
        # Without a cue there is nothing to find it by; its words have their roles all the same.
        ("{s1 Brandt}: {c1 We go.}", [], "SCc"),
        # What reaches into a word is the word.
        ("{c1 Brandt’s re-elec}tion, {s1 he} {v1 said}.", [("said", "CcccSv")], "CcccSV"),
        ("Nothing was said.", [], "---"),
    ],
)  # fmt: skip
def test_words_are_labelled_toward_each_anchor(
    tokenizer: Tokenizer, marked: str, expected: list[tuple[str, str]], tags: str
) -> None:
    article = annotated("a", marked)
    one = only(article, tokenizer)
    assert shown(article["text"], one) == expected
    assert "".join(TAGS[tag] for tag in one.tags) == tags


TWO = annotated(
    "a",
    "{s1 Brandt} {v1 said} on the way out:\n\n{c1 “We will all go to the fair now.”}\n\n"
    "{s2 She} {v2 said} {c2 it rained}.",
)


def test_an_anchor_whose_content_is_in_another_window_teaches_no_link(tokenizer: Tokenizer) -> None:
    text = TWO["text"]
    first, second, third = examples(TWO, tokenizer, limit=14)
    assert (words(text, first)[:2], words(text, second)[0], words(text, third)[0]) == (
        ["Brandt", "said"],
        "We",
        "She",
    )
    assert (shown(text, first), shown(text, second)) == ([], [])
    assert shown(text, third) == [("said", "SvCc")]
    assert ["".join(TAGS[tag] for tag in one.tags) for one in (first, second)] == ["SV----", "Cccccccc"]


def test_together_in_a_window_they_do(tokenizer: Tokenizer) -> None:
    one = only(TWO, tokenizer)
    assert shown(TWO["text"], one) == [("said", "Sv----Cccccccc----"), ("said", "--------------SvCc")]


def test_a_sign_that_is_a_cue_of_the_next_window_is_no_anchor_of_this_one(tokenizer: Tokenizer) -> None:
    article = annotated("a", "{c1 It rained} on all of us all day\n\n{v1 —} and no one said so")
    some = examples(article, tokenizer, limit=12)
    assert [shown(article["text"], one) for one in some] == [[], []]
    together = only(article, tokenizer)
    assert shown(article["text"], together) == [("day", "Cc" + "-" * 11)]


def test_articles_are_cut_in_several_ways_that_the_seed_draws(tokenizer: Tokenizer) -> None:
    def lengths(seed: int) -> list[list[int]]:
        cuts = packings(ARTICLES, tokenizer, 40, 3, seed)
        return [[len(one.window.tokens) for one in cut] for cut in cuts]

    assert lengths(1) == lengths(1)
    assert len({tuple(cut) for cut in lengths(1)}) > 1
    assert lengths(1) != lengths(2)
    assert max(max(cut) for cut in lengths(1)) <= 40


def test_every_cut_has_every_word_once(tokenizer: Tokenizer) -> None:
    for cut in packings(ARTICLES, tokenizer, 40, 3, 1):
        starts = [start for one in cut for start in one.window.starts.tolist()]
        assert len(starts) == sum(len(only(article, tokenizer, 512).window.starts) for article in ARTICLES)


@pytest.fixture(scope="module")
def some(tokenizer: Tokenizer) -> list[Example]:
    return [only(article, tokenizer) for article in ARTICLES]


def collated(some: Sequence[Example], share: float = 0.0, seed: int = 0) -> dict[str, torch.Tensor]:
    return Collator(mask=103, hidden_share=share, seed=seed)([some])


def test_windows_are_padded_to_the_longest(some: list[Example]) -> None:
    batch = collated(some)
    longest, most = max(len(one.window.tokens) for one in some), max(len(one.tags) for one in some)
    for name in ("tokens", "shapes", "quotes", "attention"):
        assert batch[name].shape == (3, longest), name
    for name in ("first_tokens", "tags", "anchors", "weights"):
        assert batch[name].shape[:2] == (3, most), name
    for row, one in enumerate(some):
        tokens, count = len(one.window.tokens), len(one.tags)
        assert batch["tokens"][row, :tokens].tolist() == one.window.tokens.tolist()
        assert batch["attention"][row].tolist() == [1] * tokens + [0] * (longest - tokens)
        assert batch["weights"][row].tolist() == [1.0] * count + [0.0] * (most - count)
        assert batch["tags"][row, :count].argmax(1).tolist() == one.tags.tolist()
        assert batch["anchors"][row].nonzero().flatten().tolist() == sorted(one.anchors)


def test_each_anchor_has_a_row_of_the_words_around_it(some: list[Example]) -> None:
    batch = collated(some)
    assert batch["row"].tolist() == [row for row, one in enumerate(some) for _ in one.anchors]
    assert batch["at"].tolist() == [anchor for one in some for anchor in one.anchors]
    number = 0
    for one in some:
        for anchor, states in zip(one.anchors, one.states, strict=True):
            inside = batch["inside"][number]
            assert inside.tolist() == [True] * len(states) + [False] * (len(inside) - len(states))
            assert batch["states"][number, inside].argmax(1).tolist() == states.tolist()
            steps = Counter(itertools.pairwise(states.tolist()))
            assert {(a, b): int(batch["moves"][number, a, b]) for a, b in steps} == steps
            assert batch["moves"][number].sum() == len(states) - 1
            assert batch["around"][number, inside].tolist() == list(range(len(states)))
            assert (
                batch["distances"][number, inside].tolist()
                == buckets(np.arange(len(states)) - anchor).tolist()
            )
            assert batch["steps"][number, anchor] == 2
            number += 1


def test_what_begins_out_of_reach_begins_at_the_edge(tokenizer: Tokenizer) -> None:
    rain, snow = "rain " * (BEFORE + 9), "snow " * (BEHIND + 9)
    article = annotated("a", f"{{c1 {rain}fell}}, {{s1 he}} {{v1 said}}, and {snow}")
    one = only(article, tokenizer, limit=512)
    batch = collated([one])
    assert batch["around"][0, 0] == one.anchors[0] - BEFORE > 0
    assert batch["around"].shape == (1, BEFORE + 1 + BEHIND)
    states = batch["states"][0].argmax(1).tolist()
    assert (states[0], states[1], states[-1]) == (CONTENT_BEGINS, CONTENT, NONE)


def test_a_batch_may_have_no_anchor(tokenizer: Tokenizer) -> None:
    batch = collated([only(annotated("a", "Rain fell."), tokenizer)])
    assert batch["row"].tolist() == []
    assert batch["anchors"].sum() == 0


def test_a_share_of_the_tokens_is_hidden_and_the_seed_draws_which(some: list[Example]) -> None:
    open_ones = collated(some)["tokens"]
    for share in (0.3, 1.0):
        hidden = collated(some, share, seed=5)["tokens"]
        assert torch.equal(hidden, collated(some, share, seed=5)["tokens"])
        assert (hidden[:, 0] == open_ones[:, 0]).all()  # never what frames the window
        padded = collated(some)["attention"] == 0
        assert (hidden[padded] == 0).all()
        inside = ~padded[:, 1:]
        counted = (hidden[:, 1:][inside] == 103).float().mean().item()
        assert counted == 1 if share == 1 else abs(counted - share) < 0.15
    assert not torch.equal(collated(some, 0.3, seed=5)["tokens"], collated(some, 0.3, seed=6)["tokens"])


def test_nothing_is_hidden_if_nothing_is_asked_for(some: list[Example]) -> None:
    assert not (collated(some)["tokens"] == 103).any()


def test_an_answer_is_learnt_instead_of_what_is_annotated(some: list[Example]) -> None:
    plain = collated(some)
    told = [replace(one, answer=annotated_answer(one)) for one in some]
    assert all(torch.equal(plain[name], value) for name, value in collated(told).items())
    doubtful = [replace(one, answer=flat(one)) for one in some]
    mixed = collated(doubtful)
    real, linked = plain["weights"].bool(), plain["inside"]
    for name, where in (("tags", real), ("anchors", real), ("states", linked)):
        assert (mixed[name][where] == 0.5).all(), name
        assert not mixed[name][~where].any(), name
    assert (mixed["moves"] == 0.5).all()


def flat(one: Example) -> Answer:
    """An answer that says a half everywhere."""
    places = one.seen()
    return Answer(
        np.full((len(one.tags), TAG_COUNT), 0.5, np.float32),
        np.full(len(one.tags), 0.5, np.float32),
        tuple(np.full((place.stop - place.start, STATE_COUNT), 0.5, np.float32) for place in places),
        tuple(np.full((STATE_COUNT, STATE_COUNT), 0.5, np.float32) for _ in places),
    )


def test_a_text_that_nobody_annotated_is_cut_alike(tokenizer: Tokenizer) -> None:
    for article in ARTICLES:
        plain = examples({"text": article["text"]}, tokenizer, 40)
        known = examples(article, tokenizer, 40)
        assert [one.window.starts.tolist() for one in plain] == [one.window.starts.tolist() for one in known]
        assert {one.annotated for one in known} == {True}
        assert {(one.annotated, one.anchors) for one in plain} == {(False, ())}


def test_texts_are_read_once_each_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "Snow."}\n{"text": "Rain."}\n{"text": "Snow.", "id": 3}\n')
    assert read_texts([path]) == ["Snow.", "Rain."]
    for content, message in (("", "has no texts"), ('{"id": 1}\n', ":1: 'text' is missing or no text")):
        path.write_text(content)
        with pytest.raises(UsageError, match=message):
            read_texts([path])
