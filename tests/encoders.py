"""Encoders that are small enough to be trained within a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TRAININGS = ("builder.training.attribution", "builder.training.stance")

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Lets trainings use one core: the suite runs a process a core, and more threads wait for each other."""
    import torch  # noqa: PLC0415 - an extra

    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        for module in TRAININGS:
            patch.setattr(f"{module}.use_all_cores", lambda: None)
        yield


def write_encoder(folder: Path, text: str) -> None:
    """Writes a BERT of two layers with weights drawn from a seed, and a tokenizer of a text's words."""
    import torch  # noqa: PLC0415 - an extra
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - needs the extra

    vocabulary = words_of(text)
    write_tokenizer(folder, vocabulary)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)


def words_of(text: str) -> list[str]:
    letters = sorted({letter for letter in text.lower() if not letter.isspace()})
    words = sorted({word for word in text.lower().split() if word.isalpha()} - set(letters))
    return [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *words]


def write_tokenizer(folder: Path, vocabulary: list[str]) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415 - slow to load
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 - slow to load

    numbers = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    unknown, first, separator, mask = SPECIAL[1:]
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=SPECIAL[0], unk_token=unknown, cls_token=first,
        sep_token=separator, mask_token=mask,
    ).save_pretrained(folder)  # fmt: skip
