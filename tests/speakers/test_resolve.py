"""From source to speaker: the text in; the speaker's name, kind and the way it was found out."""

from collections.abc import Callable

import pytest

from builder.config import SpeakerConfig
from builder.records import Document, Span
from builder.speakers.ranker import load_ranker
from builder.speakers.resolve import resolve
from tests.speakers.resolving import quoted, speakers


@pytest.mark.parametrize(
    ("text", "name", "kind", "method"),
    [
        ("Ilse Brandt came. “We go,” Brandt said.", "Ilse Brandt", "person", "name"),
        ("“We go,” said a spokeswoman, Ilse Brandt.", "Ilse Brandt", "person", "name"),
        ("Mayor Mary Brandt came to the old harbour with Judge James Brandt. “We go,” Judge Brandt said.",
         "James Brandt", "person", "name"),
        ("Mayor Ilse Brandt came to the square early on Monday. “We will go to the harbour,” she said.",
         "Ilse Brandt", "person", "pronoun"),
        ("James Berg met Mary Brandt in the old town hall. “We go tomorrow,” he said.",
         "James Berg", "person", "pronoun"),
        ("Mayor Mary Brandt came to the old harbour. “We go,” the mayor said.",
         "Mary Brandt", "person", "description"),
        ("It rained on Mary Brandt, who said that it was late.", "Mary Brandt", "person", "relative pronoun"),
        ("The council, which said that it rained, met.", "council", "organisation", "relative pronoun"),
        ("“We go,” the town council said.", "town council", "organisation", "description"),
        ("The Harbour Council of Oslo met. “We go,” the council said.",
         "Harbour Council of Oslo", "organisation", "description"),
        ("Jane Bank came to town. “We go,” the bank said.", "bank", "organisation", "description"),
        ("The Harbour Council met the Arts Council. “We go,” the council said.",
         "council", "organisation", "description"),
        ("“We go,” the council said. The Harbour Council met.", "council", "organisation", "description"),
        ("“We go,” the Danish toy maker Unterau said.", "Unterau", "organisation", "description"),
        ("The company, Unterau Motors, said that it rained.",
         "Unterau Motors", "organisation", "description"),
        ("Moscow said that it rained.", "Government of Russia", "government", "metonym"),
        ("Senator Ruiz left. “I am done,” Ruiz said.", "Ruiz", "person", "name"),
        ("Kim Sung Un came. His army marched. “It is late,” Kim said.", "Kim Sung Un", "person", "name"),
        ("“Good riddance,” said @ilse_votes.", "@ilse_votes", "person", "name"),
        ("“We go,” the Danish government said.", "Danish government", "government", "description"),
        ("Brenko West came. “I will go,” West said. He left.", "Brenko West", "person", "name"),
        ("“We go,” critics of the plan said.", "critics", "group", "description"),
        ("“We go,” a diplomat said.", "", "unnamed", "unnamed"),
        ("“We go,” a spokesman for Mary Brandt said.", "", "unnamed", "unnamed"),
        ("“We go,” friends of Mary Brandt said.", "friends", "group", "description"),
        ("“We go,” he said.", "", "unnamed", "unnamed"),
    ],
)  # fmt: skip
def test_a_source_leads_to_a_speaker(
    article: Callable[..., Document], text: str, name: str, kind: str, method: str
) -> None:
    (only,) = speakers(article(text))
    assert (only.name, only.kind, only.method) == (name, kind, method)


def test_the_chain_leads_from_the_source_to_the_fullest_form(article: Callable[..., Document]) -> None:
    text = "Ilse Brandt came early. Later Brandt stood at the harbour. “We go,” she said."
    (only,) = speakers(article(text))
    assert [(link.span.of(text), link.reason) for link in only.chain] == [
        ("she", "pronoun"),
        ("Brandt", "named"),
        ("Ilse Brandt", "fullest form"),
    ]
    assert only.mention == Span(0, 11)


def test_a_name_in_full_is_a_chain_of_one_step(article: Callable[..., Document]) -> None:
    text = "“We will go to the harbour,” said Ilse Brandt."
    (only,) = speakers(article(text))
    assert [(link.span.of(text), link.reason) for link in only.chain] == [("Ilse Brandt", "name")]


def test_a_quotation_without_a_cue_has_the_speaker_of_the_one_it_continues(
    article: Callable[..., Document],
) -> None:
    text = "“We go,” said Ilse Brandt.\n\n“None of them will stay behind.”"
    first, second = speakers(article(text))
    assert second.name == first.name == "Ilse Brandt"


def test_the_first_person_is_the_author(article: Callable[..., Document]) -> None:
    text = "I said that it rained."
    (only,) = speakers(article(text, author="Odile Okoro"))
    assert (only.name, only.kind, only.method) == ("Odile Okoro", "author", "author")
    (unnamed,) = speakers(article(text))
    assert (unnamed.name, unnamed.kind) == ("", "author")


def test_below_the_threshold_the_name_stays_empty_and_the_candidates_are_listed(
    article: Callable[..., Document],
) -> None:
    text = "Mayor Mary Brandt came to the old harbour. “We go,” the mayor said."
    (sure,) = speakers(article(text))
    (only,) = speakers(article(text), threshold=1.0)
    assert (only.name, only.mention, only.chain) == ("", None, ())
    assert (only.kind, only.confidence, only.candidates) == (sure.kind, sure.confidence, sure.candidates)
    assert only.candidates[0].name == "Mary Brandt"


def test_candidates_are_listed_the_likeliest_first(article: Callable[..., Document]) -> None:
    text = "James Berg met Jan Okoro in the old town hall. “We go tomorrow,” he said."
    (only,) = speakers(article(text), threshold=0.0)
    shares = [one.confidence for one in only.candidates]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == only.confidence
    assert sum(shares) <= 1.0001
    assert {"James Berg", "Jan Okoro"} <= {one.name for one in only.candidates}


def test_speakers_come_in_the_order_of_the_quotations(article: Callable[..., Document]) -> None:
    document = article("“We go,” said Ilse Brandt. Jan Berg said that it rained.")
    quotations = quoted(document)
    backwards = list(reversed(quotations))
    found = resolve(document, backwards, SpeakerConfig(), load_ranker())
    assert [one.quotation for one in found] == [one.id for one in backwards]
    assert list(reversed(found)) == resolve(document, quotations, SpeakerConfig(), load_ranker())


def test_without_quotations_nobody_speaks(article: Callable[..., Document]) -> None:
    document = article("Ilse Brandt came.")
    assert resolve(document, [], SpeakerConfig(), load_ranker()) == []


def test_without_a_body_nobody_is_named(article: Callable[..., Document]) -> None:
    text = "“We go,” said Ilse Brandt."
    quotations = quoted(article(text))
    whole = article(text)
    (only,) = resolve(
        Document(
            whole.id, text, whole.uri, None, None, None, None, None, None, "en", "", "test", ()
        ), quotations, SpeakerConfig(), load_ranker(),
    )  # fmt: skip
    assert "Ilse Brandt" not in {one.name for one in only.candidates if one.kind == "person"}


@pytest.mark.parametrize(
    "unit",
    [
        "“We go,” Ada Bo said. ",
        "President Ada Bo ",
        "Bo, who said that he left. ",
        "Ada Bo and ",
        "“We go,” said the mayor. ",
        " ",
        "\n",
    ],
)
def test_hostile_text_is_read_in_linear_time(article: Callable[..., Document], unit: str) -> None:
    document = article(unit * (40_000 // len(unit)))
    assert len(speakers(document)) == len(quoted(document))


def test_documents_that_name_thousands_are_read_in_linear_time(article: Callable[..., Document]) -> None:
    def word(number: int) -> str:
        return "".join(chr(97 + number // 26**place % 26) for place in range(3)).capitalize()

    unit = "Then {0}son {0}berg left the harbour quietly, and “we go there,” said {0}berg. "
    document = article("".join(unit.format(word(number)) for number in range(600)))
    assert len(speakers(document)) == len(quoted(document))
