"""The extraction of quotations: one interface, whatever finds them."""

from collections.abc import Sequence
from typing import Protocol

from builder.config import QuoteConfig
from builder.quotes.rules.extractor import RuleExtractor
from builder.records import Document, Quotation


class Extractor(Protocol):
    """Finds the quotations of documents; `name` changes whenever its results may."""

    @property
    def name(self) -> str:
        """Name and version, as in `Quotation.extractor`."""

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations in the documents' bodies: a list for each document, in the order of its text."""


def load_extractor(config: QuoteConfig) -> Extractor:
    """The extractor that the configuration asks for."""
    return _OfKinds(RuleExtractor(), config)


class _OfKinds:
    """Another extractor's quotations, of the kinds that are wanted."""

    def __init__(self, extractor: Extractor, config: QuoteConfig) -> None:
        self._extractor, self._kinds = extractor, frozenset(config.kinds)
        self.name = extractor.name

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations of the wanted kinds."""
        found = self._extractor.extract(documents)
        return [[one for one in some if one.kind in self._kinds] for some in found]
