"""Windows of paragraphs: texts in; tokens with features, and the words that they make, out."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.quotes.encoding import (
    CLOSES,
    INSIDE,
    LOWER,
    MIXED,
    NESTED,
    NUMBER,
    OPENS,
    OUTSIDE,
    SIGN,
    TITLE,
    UPPER,
    Window,
    unwrapped,
    windows,
)
from builder.quotes.marks import pair_marks
from builder.quotes.model import SHIPPED
from builder.quotes.paragraphs import paragraphs
from builder.records import Span
from builder.tokenization import Tokenizer

WORD = re.compile(r"[^\W_]+")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(SHIPPED)


def cut(
    text: str,
    tokenizer: Tokenizer,
    limit: int = 256,
    first: int | None = None,
    body: Sequence[Span] | None = None,
) -> list[Window]:
    lines = paragraphs(text, body)
    return windows(text, lines, pair_marks(text, lines), tokenizer, limit, first)


def words(text: str, window: Window) -> list[str]:
    return [text[start:end] for start, end in zip(window.starts, window.ends, strict=True)]


def test_a_window_frames_its_paragraphs(tokenizer: Tokenizer) -> None:
    text = "Rain fell.\n\nWe stayed."
    (window,) = cut(text, tokenizer)
    first, separator = tokenizer.first, tokenizer.separator
    assert window.tokens[[0, 4, 8]].tolist() == [first, separator, separator]
    assert len(window.tokens) == 9  # [CLS] rain fell . [SEP] we stayed . [SEP]
    assert words(text, window) == ["Rain", "fell", "We", "stayed"]
    assert window.first_tokens.tolist() == [1, 2, 5, 6]
    assert window.paragraphs.tolist() == [0, 0, 1, 1]


def test_words_are_letters_and_digits_whatever_the_tokens_are(tokenizer: Tokenizer) -> None:
    text = "Dr. O’Neil’s 1,200 re-elected co_workers"
    (window,) = cut(text, tokenizer)
    assert words(text, window) == ["Dr", "O", "Neil", "s", "1", "200", "re", "elected", "co", "workers"]


def test_a_word_of_several_tokens_is_known_by_its_first(tokenizer: Tokenizer) -> None:
    text = "Unterzwickelbach rain"
    (window,) = cut(text, tokenizer)
    first, second = window.first_tokens.tolist()
    assert first == 1
    assert second == len(window.tokens) - 2 > 2


@pytest.mark.parametrize(
    ("word", "shape"),
    [("rain", LOWER), ("Rain", TITLE), ("A", TITLE), ("UN", UPPER), ("McBride", MIXED), ("iPhone", MIXED),
     ("12", NUMBER), ("3rd", LOWER), ("G7", UPPER), ("Mp3x", NUMBER), ("—", SIGN)],
)  # fmt: skip
def test_a_token_has_the_shape_of_its_word(tokenizer: Tokenizer, word: str, shape: int) -> None:
    (window,) = cut(word, tokenizer)
    assert set(window.shapes[1:-1].tolist()) == {shape}
    assert window.shapes[[0, -1]].tolist() == [SIGN, SIGN]


def test_a_token_knows_where_it_stands_to_quotation_marks(tokenizer: Tokenizer) -> None:
    text = "“Rain ‘fell’ here,” Bo said."
    (window,) = cut(text, tokenizer)
    states = [OPENS, INSIDE, OPENS, NESTED, CLOSES, INSIDE, INSIDE, CLOSES, OUTSIDE, OUTSIDE, OUTSIDE]
    assert window.quotes.tolist() == [OUTSIDE, *states, OUTSIDE]


def test_as_many_paragraphs_as_fit_are_read_together(tokenizer: Tokenizer) -> None:
    text = "\n\n".join(["Rain fell on us."] * 7)  # five tokens each, and a separator
    sizes = [len(window.tokens) for window in cut(text, tokenizer, limit=19)]
    assert sizes == [19, 19, 7]


def test_the_first_window_may_be_shorter(tokenizer: Tokenizer) -> None:
    text = "\n\n".join(["Rain fell on us."] * 7)
    sizes = [len(window.tokens) for window in cut(text, tokenizer, limit=19, first=13)]
    assert sizes == [13, 19, 13]


def test_a_long_paragraph_is_cut_behind_a_sentence(tokenizer: Tokenizer) -> None:
    text = "Rain fell on us. " * 20
    for window in cut(text, tokenizer, limit=33):
        assert words(text, window)[0] == "Rain"
        assert words(text, window)[-1] == "us"


def test_a_long_sentence_is_cut_where_the_window_ends(tokenizer: Tokenizer) -> None:
    text = "rain and " * 50
    assert [len(window.starts) for window in cut(text, tokenizer, limit=32)] == [30, 30, 30, 10]


def test_lines_broken_to_a_width_are_one_paragraph(tokenizer: Tokenizer) -> None:
    text = "Rain fell on the old town and the road and\nus all day.\nWe stayed."
    (window,) = cut(text, tokenizer)
    assert window.paragraphs.tolist() == [0] * 13 + [1] * 2
    assert [span.of(text) for span in unwrapped(paragraphs(text))] == [
        "Rain fell on the old town and the road and\nus all day.",
        "We stayed.",
    ]


def test_only_the_body_is_read(tokenizer: Tokenizer) -> None:
    text = "Menu\nRain fell.\nMore\nWe stayed."
    (window,) = cut(text, tokenizer, body=[Span(5, 15), Span(21, len(text))])
    assert words(text, window) == ["Rain", "fell", "We", "stayed"]


@pytest.mark.parametrize("text", ["", " \n\r\u2028 "])
def test_an_empty_text_has_no_window(tokenizer: Tokenizer, text: str) -> None:
    assert cut(text, tokenizer) == []


# Letters of many kinds; marks, accents, signs and blanks of which tokenizers and regular expressions
# have different opinions; line breaks of every kind; and half of a surrogate pair.
HARD = [
    *"a Ä \u0301 ﬁ ß İ ǅ 中 한 ป ा ٣ ½ ² Ⅷ _ ’ “ ” « ' \" . … , — - 😀 👩\u200d👧 \U0001f1e9 rain".split(),
    *"\u200b\u00ad\ufeff\u202e\ufffd\x00\x85\ud83d \u00a0\t\n\r\u2028",
    "e\u0301", "\r\n", "\n\n", "Rain fell. ", "x" * 120,
]  # fmt: skip
hard_texts = st.lists(st.sampled_from(HARD) | st.text(max_size=5), max_size=60).map("".join)


@settings(max_examples=300)
@given(text=hard_texts, limit=st.integers(8, 40), first=st.integers(2, 40) | st.none())
def test_every_word_is_in_one_window_and_no_window_is_too_long(
    tokenizer: Tokenizer, text: str, limit: int, first: int | None
) -> None:
    found = cut(text, tokenizer, limit, min(first, limit) if first else None)
    for window in found:
        assert len(window.tokens) == len(window.shapes) == len(window.quotes) <= limit
        assert len(window.starts) == len(window.ends) == len(window.first_tokens) == len(window.paragraphs)
        assert all(0 < token < len(window.tokens) - 1 for token in window.first_tokens)
        assert np.all(np.diff(window.first_tokens) >= 0)
        assert np.all(np.diff(window.paragraphs) >= 0)
    read = [
        span for window in found for span in zip(window.starts.tolist(), window.ends.tolist(), strict=True)
    ]
    spans = unwrapped(paragraphs(text))
    assert read == [match.span() for span in spans for match in WORD.finditer(text, span.start, span.end)]


@given(text=hard_texts)
def test_a_word_begins_where_its_first_token_reaches_into_it(tokenizer: Tokenizer, text: str) -> None:
    for whole in cut(text, tokenizer, limit=10_000):
        places = [(0, 0)]
        for span in unwrapped(paragraphs(text)):
            ((_, offsets),) = tokenizer.encode([span.of(text)])
            places += [(span.start + start, span.start + end) for start, end in offsets.tolist()]
            places.append((0, 0))
        for first, start, end in zip(whole.first_tokens, whole.starts, whole.ends, strict=True):
            assert places[first][0] < end
            assert places[first][1] > start
            assert places[first - 1][1] <= start


@pytest.mark.parametrize(
    "unit", ["a\u200b", "a.", "“a. ", "x" * 200 + " ", "a\u0301", "‘“", "a\n", ". ", "\u200b"]
)
def test_hostile_text_is_cut_in_linear_time(tokenizer: Tokenizer, unit: str) -> None:
    text = unit * (60_000 // len(unit))
    found = cut(text, tokenizer, 64)
    assert max(len(window.tokens) for window in found) <= 64
    assert sum(len(window.starts) for window in found) == len(WORD.findall(text))
