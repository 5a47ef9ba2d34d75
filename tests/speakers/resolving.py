"""The speakers of a text, its quotations found by rule: what is tested is who they are."""

from builder.config import SpeakerConfig
from builder.quotes.rules.extractor import RuleExtractor
from builder.records import Document, Quotation, Speaker
from builder.speakers.ranker import load_ranker
from builder.speakers.resolve import resolve


def quoted(document: Document) -> list[Quotation]:
    """The quotations by rule: whose sources they are is a matter of the sentences alone, not of a model."""
    (quotations,) = RuleExtractor().extract([document])
    return quotations


def speakers(document: Document, threshold: float = 0.5) -> list[Speaker]:
    return resolve(document, quoted(document), SpeakerConfig(threshold=threshold), load_ranker())
