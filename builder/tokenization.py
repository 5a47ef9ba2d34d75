"""Tokens of texts, as an encoder's own tokenizer cuts them: the one door of `tokenizers`."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

from builder.errors import ModelError

FILE = "tokenizer.json"
# What frames a text, under the names that the families of encoders give it.
_FIRST = ("[CLS]", "<s>", "<cls>", "<|startoftext|>")
_SEPARATOR = ("[SEP]", "</s>", "<sep>", "<|endoftext|>")
_MASK = ("[MASK]", "<mask>")
_HALF_OF_A_PAIR = re.compile(r"[\ud800-\udfff]")  # which JSON can hold, but no tokenizer takes


class Tokenizer:
    """An encoder's tokenizer, from its folder.

    `first` and `separator` are the special tokens that frame a text, `mask` stands for a hidden one.
    """

    def __init__(self, folder: Path) -> None:
        """Reads `tokenizer.json`.

        Raises:
            ModelError: it is not there, is no tokenizer, or has no special tokens to frame a text.
        """
        path = folder / FILE
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare exceptions
            raise ModelError(f"{path}: cannot be read as a tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.first = self._special(path, _FIRST)
        self.separator = self._special(path, _SEPARATOR)
        self.mask = self._special(path, _MASK)

    def encode(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For each text its tokens, and where each starts and ends in code points, shape (tokens, 2)."""
        whole = [_HALF_OF_A_PAIR.sub("\ufffd", text) for text in texts]
        found = self._tokenizer.encode_batch(whole, add_special_tokens=False)
        return [
            (np.array(one.ids, dtype=np.int64), np.array(one.offsets, dtype=np.int64).reshape(-1, 2))
            for one in found
        ]

    def _special(self, path: Path, names: Sequence[str]) -> int:
        found = [number for name in names if (number := self._tokenizer.token_to_id(name)) is not None]
        added = self._tokenizer.get_added_tokens_decoder()
        # A vocabulary may hold the names of another family as mere words.
        found.sort(key=lambda number: not (number in added and added[number].special))
        if found:
            return int(found[0])
        raise ModelError(f"{path}: has none of the special tokens {', '.join(names)}")
