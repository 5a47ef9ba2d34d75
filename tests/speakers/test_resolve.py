"""From source to speaker: the text in; the speaker's name, kind and the way it was found out."""

from collections.abc import Callable

import pytest

from builder.config import SpeakerConfig
from builder.quotes.rules.extractor import RuleExtractor
from builder.records import Document, Quotation, Speaker
from builder.speakers.resolve import CONFIDENCE, resolve


def quoted(document: Document) -> list[Quotation]:
    """The quotations by rule: whose sources they are is a matter of the sentences alone, not of a model."""
    (quotations,) = RuleExtractor().extract([document])
    return quotations


def speakers(document: Document, threshold: float = 0.5) -> list[Speaker]:
    return resolve(document, quoted(document), SpeakerConfig(threshold=threshold))


@pytest.mark.parametrize(
    ("text", "name", "kind", "method"),
    [
        ("“We go,” said Ilse Brandt.", "Ilse Brandt", "person", "name"),
        ("Ilse Brandt came. “We go,” Brandt said.", "Ilse Brandt", "person", "name"),
        ("“We go,” said party spokesman Jan Berg.", "Jan Berg", "person", "name"),
        ("“We go,” said a spokeswoman, Ilse Brandt.", "Ilse Brandt", "person", "name"),
        ("Mayor Ilse Brandt came. “We go,” she said.", "Ilse Brandt", "person", "pronoun"),
        ("Mr. Jan Berg met Mrs. Ilse Brandt. “We go,” he said.", "Jan Berg", "person", "pronoun"),
        ("Veldorian President Ilse Brandt came. “We go,” the Veldorian leader said.",
         "Ilse Brandt", "person", "role"),
        ("Mayor Ilse Brandt, who said that it rained, left.", "Ilse Brandt", "person", "relative pronoun"),
        ("“We go,” the town council said.", "town council", "organisation", "description"),
        ("Moscow said that it rained.", "Moscow", "government", "description"),
        ("“We go,” critics of the plan said.", "critics", "group", "description"),
        ("“We go,” a diplomat said.", "", "unnamed", "unnamed"),
        ("“We go,” the investor said.", "", "person", "unresolved"),
        ("“We go,” he said.", "", "person", "unresolved"),
        ("A hush fell. “None of them will stay behind tonight.”", "", "unnamed", "none"),
    ],
)  # fmt: skip
def test_a_source_leads_to_a_speaker(
    article: Callable[..., Document], text: str, name: str, kind: str, method: str
) -> None:
    (only,) = speakers(article(text))
    assert (only.name, only.kind, only.method) == (name, kind, method)
    assert only.confidence == CONFIDENCE[method]


def test_the_mention_is_where_the_text_names_the_speaker(article: Callable[..., Document]) -> None:
    text = "Mayor Ilse Brandt came. “We go,” she said."
    (only,) = speakers(article(text))
    assert only.mention is not None
    assert only.mention.of(text) == "Ilse Brandt"


def test_a_quotation_without_a_cue_has_the_speaker_of_the_one_it_continues(
    article: Callable[..., Document],
) -> None:
    text = "“We go,” said Ilse Brandt.\n\n“None of them will stay behind.”"
    first, second = speakers(article(text))
    assert (second.name, second.method) == (first.name, "continued")


def test_the_first_person_is_the_author(article: Callable[..., Document]) -> None:
    text = "I said that it rained."
    (only,) = speakers(article(text, author="Ilse Brandt"))
    assert (only.name, only.kind) == ("Ilse Brandt", "author")
    (unnamed,) = speakers(article(text))
    assert (unnamed.name, unnamed.kind) == ("", "author")


def test_the_one_who_spoke_last_is_meant_rather_than_one_who_was_only_named(
    article: Callable[..., Document],
) -> None:
    text = "“We go,” said Ilse Brandt. She thanked Odile Okoro.\n\n“It is late,” she said."
    assert speakers(article(text))[-1].name == "Ilse Brandt"


def test_below_the_threshold_the_name_stays_empty(article: Callable[..., Document]) -> None:
    text = "Mayor Ilse Brandt came. “We go,” she said."
    (only,) = speakers(article(text), threshold=CONFIDENCE["pronoun"] + 0.01)
    assert (only.name, only.mention, only.kind) == ("", None, "person")
    assert only.confidence == CONFIDENCE["pronoun"]


def test_speakers_come_in_the_order_of_the_quotations(article: Callable[..., Document]) -> None:
    document = article("“We go,” said Ilse Brandt. Jan Berg said that it rained.")
    quotations = quoted(document)
    backwards = list(reversed(quotations))
    found = resolve(document, backwards, SpeakerConfig())
    assert [one.quotation for one in found] == [one.id for one in backwards]
    assert {one.quotation: one.name for one in found} == {
        one.quotation: one.name for one in resolve(document, quotations, SpeakerConfig())
    }


@pytest.mark.parametrize(
    "unit", ["“We go,” Ada Bo said. ", "President Ada Bo ", "Bo, who said that he left. "]
)
def test_hostile_text_is_read_in_linear_time(article: Callable[..., Document], unit: str) -> None:
    document = article(unit * (40_000 // len(unit)))
    assert len(speakers(document)) == len(quoted(document))
