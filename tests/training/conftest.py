"""An encoder that is small enough to be trained within a test."""

from pathlib import Path

import pytest

from tests.training.articles import ARTICLES


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """The suite runs a process a core: more threads would only be in each other's way."""
    import torch  # noqa: PLC0415 - an extra

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT of two layers with weights drawn from a seed, and its tokenizer."""
    import torch  # noqa: PLC0415 - an extra
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - needs the extra

    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = words_of(" ".join(article["text"] for article in ARTICLES))
    write_tokenizer(folder, vocabulary)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


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
