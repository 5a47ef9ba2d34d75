"""A network of drawn weights, and the windows of the articles that the tests invent; both need PyTorch."""

from pathlib import Path

import torch

from builder.tokenization import Tokenizer
from builder.training.attribution_data import Example, examples
from builder.training.attribution_network import AttributionNetwork, Sizes
from builder.training.encoders import load_encoder
from tests.training.articles import ARTICLES


def drawn_network(encoder: Path, kernel: int = 5, layers: int = 2) -> AttributionNetwork:
    """A network of drawn weights that sets nothing to zero."""
    torch.manual_seed(1)
    sizes = Sizes(width=16, kernel=kernel, layers=layers, dropout=0.0)
    return AttributionNetwork(load_encoder(str(encoder)), sizes)


def windows_of_articles(encoder: Path) -> list[Example]:
    tokenizer = Tokenizer(encoder)
    return [one for article in ARTICLES for one in examples(article, tokenizer, 64)]
