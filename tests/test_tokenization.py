"""Tokens of texts: the places they cover, the special ones, and files that are no tokenizer."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import ModelError
from builder.quotes.model import SHIPPED
from builder.tokenization import FILE, Tokenizer

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rain", "fall", "##s", "“", "”", "."]


@pytest.fixture(scope="module")
def shipped() -> Tokenizer:
    return Tokenizer(SHIPPED)


def word_pieces(vocabulary: list[str]) -> dict[str, object]:
    """A tokenizer's file: lower case, blanks and punctuation split, then the longest pieces."""
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100,
                  "vocab": {token: number for number, token in enumerate(vocabulary)}},
    }  # fmt: skip


def written(folder: Path, vocabulary: list[str]) -> Path:
    (folder / FILE).write_text(json.dumps(word_pieces(vocabulary)), encoding="utf-8")
    return folder


def test_tokens_say_which_characters_they_are(tmp_path: Path) -> None:
    tokenizer = Tokenizer(written(tmp_path, VOCABULARY))
    ((tokens, offsets),) = tokenizer.encode(["“Ra\u0301in falls.”"])
    assert [VOCABULARY[token] for token in tokens] == ["“", "rain", "fall", "##s", ".", "”"]
    # The accent is a character of its own, and part of its word.
    assert offsets.tolist() == [[0, 1], [1, 6], [7, 11], [11, 12], [12, 13], [13, 14]]


def test_no_text_is_cut_off_whatever_the_file_says(tmp_path: Path) -> None:
    tokenizer = Tokenizer(written(tmp_path, VOCABULARY))
    ((tokens, _),) = tokenizer.encode(["rain " * 1000])
    assert len(tokens) == 1000


def test_half_of_a_surrogate_pair_moves_no_token(tmp_path: Path) -> None:
    ((tokens, offsets),) = Tokenizer(written(tmp_path, VOCABULARY)).encode(["rain \ud83d falls"])
    assert [VOCABULARY[token] for token in tokens] == ["rain", "fall", "##s"]
    assert offsets.tolist() == [[0, 4], [7, 11], [11, 12]]


def test_texts_are_not_padded_to_each_other(tmp_path: Path) -> None:
    found = Tokenizer(written(tmp_path, VOCABULARY)).encode(["rain", "", "rain falls"])
    assert [len(tokens) for tokens, _ in found] == [1, 0, 3]
    assert [offsets.shape for _, offsets in found] == [(1, 2), (0, 2), (3, 2)]


@pytest.mark.parametrize(
    ("first", "separator", "mask"), [("[CLS]", "[SEP]", "[MASK]"), ("<s>", "</s>", "<mask>")]
)
def test_families_name_their_special_tokens_differently(
    tmp_path: Path, first: str, separator: str, mask: str
) -> None:
    tokenizer = Tokenizer(written(tmp_path, ["[UNK]", mask, separator, first]))
    assert (tokenizer.first, tokenizer.separator, tokenizer.mask) == (3, 2, 1)


def test_names_that_are_mere_words_of_the_vocabulary_frame_nothing(tmp_path: Path) -> None:
    # As MPNet's, which has BERT's names in its vocabulary and others of its own.
    vocabulary = ["[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>", "<mask>"]
    special = [
        {"id": number, "content": vocabulary[number], "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for number in (4, 5, 6)
    ]  # fmt: skip
    file = word_pieces(vocabulary) | {"added_tokens": special}
    (tmp_path / FILE).write_text(json.dumps(file), encoding="utf-8")
    tokenizer = Tokenizer(tmp_path)
    assert (tokenizer.first, tokenizer.separator, tokenizer.mask) == (4, 5, 6)


def test_a_tokenizer_that_cannot_frame_a_text_is_refused(tmp_path: Path) -> None:
    written(tmp_path, ["[UNK]", "[CLS]", "[MASK]"])
    with pytest.raises(ModelError, match=r"tokenizer\.json: has none of the special tokens \[SEP\], </s>"):
        Tokenizer(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1, 2]", b'{"version": "1.0", "mod', b"\xff\xfe"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelError, match=r"tokenizer\.json: cannot be read as a tokenizer: ."):
        Tokenizer(tmp_path)


def test_the_shipped_tokenizer_frames_texts(shipped: Tokenizer) -> None:
    assert len({shipped.first, shipped.separator, shipped.mask}) == 3


ANY_TEXT = st.text(st.characters(exclude_categories=()))  # halves of surrogate pairs, too


@given(texts=st.lists(ANY_TEXT, max_size=4))
def test_tokens_lie_within_their_text_and_in_order(shipped: Tokenizer, texts: list[str]) -> None:
    found = shipped.encode(texts)
    assert len(found) == len(texts)
    for text, (tokens, offsets) in zip(texts, found, strict=True):
        assert offsets.shape == (len(tokens), 2)
        assert all(0 <= start < end <= len(text) for start, end in offsets.tolist())
        assert offsets[:, 0].tolist() == sorted(offsets[:, 0].tolist())
        assert offsets[:, 1].tolist() == sorted(offsets[:, 1].tolist())


@given(text=st.text(), other=st.text(min_size=1000, max_size=2000))
def test_a_text_has_the_same_tokens_in_any_company(shipped: Tokenizer, text: str, other: str) -> None:
    alone, together = shipped.encode([text])[0], shipped.encode([other, text])[1]
    assert alone[0].tolist() == together[0].tolist()
    assert alone[1].tolist() == together[1].tolist()
