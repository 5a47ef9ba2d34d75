"""An encoder that is small enough to be trained within a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.encoders import one_thread, write_encoder
from tests.training.articles import ARTICLES


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT of two layers with weights drawn from a seed, and its tokenizer."""
    folder = tmp_path_factory.mktemp("encoder")
    write_encoder(folder, " ".join(article["text"] for article in ARTICLES))
    return folder
