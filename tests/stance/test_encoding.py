"""What an encoder reads of an example: the words, their order, and the part that each plays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.model import SHIPPED as ATTRIBUTION
from builder.records import Span
from builder.stance.encoding import (
    CONTEXT,
    CONTEXT_MENTION,
    FRAME,
    MENTION,
    MOST_SPEAKER,
    MOST_TARGET,
    QUOTATION,
    SPEAKER,
    TARGET,
    encode,
    passage_of,
)
from builder.stance.examples import StanceExample
from builder.tokenization import Tokenizer

PARTS = {
    FRAME: "-",
    TARGET: "t",
    SPEAKER: "s",
    QUOTATION: "q",
    CONTEXT: "c",
    MENTION: "M",
    CONTEXT_MENTION: "m",
}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(ATTRIBUTION)


def parts(example: StanceExample, tokenizer: Tokenizer, limit: int = 96) -> str:
    """The parts of a sequence, a letter a token."""
    (one,) = encode([example], tokenizer, limit)
    assert len(one.tokens) == len(one.parts) <= limit
    return "".join(PARTS[int(part)] for part in one.parts)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (StanceExample("The bridge is old", "the bridge"), "-tt--qMqq-"),
        (StanceExample("It is old", "the bridge", speaker="Anna"), "-tt-s-qqq-"),
        (  # the quotation stands in its context, and is read once
            StanceExample("the bridge is old", "the bridge", "Anna", "Anna said the bridge is old now"),
            "-tt-s-ccqMqqc-",
        ),
        (  # in two parts
            StanceExample("The bridge … is old", "the bridge", "", "The bridge he said is old"),
            "-tt--qMccqq-",
        ),
        (  # a context that does not hold the quotation stands before it
            StanceExample("It is old", "the bridge", "", "A bridge was here"),
            "-tt--cmccqqq-",
        ),
        (  # a mention by another word than the target's
            StanceExample("It is old", "the bridge", mentions=(Span(0, 2),)),
            "-tt--Mqq-",
        ),
        (  # a mention by another word, in a quotation that stands in its context
            StanceExample("it is old", "the bridge", "", "Now it is old", (Span(0, 2),)),
            "-tt--cMqq-",
        ),
    ],
)
def test_every_token_has_its_part(example: StanceExample, expected: str, tokenizer: Tokenizer) -> None:
    assert parts(example, tokenizer) == expected


def test_the_order_is_target_speaker_passage(tokenizer: Tokenizer) -> None:
    (one,) = encode([StanceExample("it is old", "bridge", "anna")], tokenizer, 96)
    ((words, _),) = tokenizer.encode(["bridge anna it is old"])
    frames = [0, 2, 4, 8]
    assert [int(one.tokens[at]) for at in frames] == [tokenizer.first, *[tokenizer.separator] * 3]
    assert np.delete(one.tokens, frames).tolist() == words.tolist()


def test_what_is_too_long_keeps_the_beginning_of_the_quotation(tokenizer: Tokenizer) -> None:
    around = "far " * 300
    example = StanceExample("this is it", "it", "", f"{around}this is it {around}")
    assert parts(example, tokenizer).count("q") + parts(example, tokenizer).count("M") == 3
    long = StanceExample("begin " + "on " * 300, "it", "", f"{around}begin {'on ' * 300}")
    (one,) = encode([long], tokenizer, 96)
    ((begin, _),) = tokenizer.encode(["begin"])
    assert int(begin[0]) in one.tokens.tolist()


def test_targets_and_speakers_are_cut_to_their_share(tokenizer: Tokenizer) -> None:
    seen = parts(StanceExample("word " * 200, "claim " * 200, "name " * 200), tokenizer)
    assert (seen.count("t"), seen.count("s")) == (MOST_TARGET, MOST_SPEAKER)
    assert len(seen) == 96


@given(
    st.text(alphabet="ab …\n", max_size=30).filter(str.strip),
    st.text(alphabet="ab …\n", max_size=60),
    st.integers(1, 20),
)
def test_the_quotation_of_a_passage_is_made_of_the_words_of_the_text(
    text: str, context: str, around: int
) -> None:
    example = StanceExample(text, "a", context=context)
    passage = passage_of(example, around)
    assert all(0 <= one.start < one.end <= len(passage.text) for one in passage.mentions)
    first = passage.quotation[0]
    beginning = text.split(" … ", maxsplit=1)[0] or text
    assert passage.text[first.start : first.start + 1] == beginning[:1]


def test_a_very_long_text_costs_no_more_than_what_is_read_of_it(tokenizer: Tokenizer) -> None:
    text = "word " * 1_000_000
    assert len(passage_of(StanceExample(text, "it", context=text + text), 500).text) <= 1_500
