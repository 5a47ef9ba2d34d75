"""The extraction of quotations: one interface, whatever finds them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from builder.config import QuoteConfig
from builder.errors import UsageError
from builder.quotes.model import SHIPPED, load_tagger
from builder.quotes.rules.extractor import RuleExtractor
from builder.quotes.tagger import TaggerExtractor
from builder.records import Document, Quotation


class Extractor(Protocol):
    """Finds the quotations of documents; `name` changes whenever its results may."""

    @property
    def name(self) -> str:
        """Name and version, as in `Quotation.extractor`."""

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations in the documents' bodies: a list for each document, in the order of its text."""


def model_folder(config: QuoteConfig, base: Path) -> Path | None:
    """Where the model lies: relative to `base`, or the shipped one; None if none is asked for.

    Raises:
        UsageError: there is a model, but the extractor takes none.
    """
    if config.extractor == "fast":
        if config.model is not None:
            raise UsageError("the fast extractor takes no model")
        return None
    return SHIPPED if config.model is None else base / config.model


def load_extractor(config: QuoteConfig, base: Path = Path()) -> Extractor:
    """The extractor that the configuration asks for; a model's relative path starts at `base`.

    Raises:
        ModelError: the model's folder is none, or is damaged.
    """
    folder = model_folder(config, base)
    extractor = TaggerExtractor(load_tagger(folder)) if folder else RuleExtractor()
    return _OfKinds(extractor, config)


class _OfKinds:
    """Another extractor's quotations, of the kinds that are wanted."""

    def __init__(self, extractor: Extractor, config: QuoteConfig) -> None:
        self._extractor, self._kinds = extractor, frozenset(config.kinds)
        self.name = extractor.name

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations of the wanted kinds."""
        found = self._extractor.extract(documents)
        return [[one for one in some if one.kind in self._kinds] for some in found]
