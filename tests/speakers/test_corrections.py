"""What the text rules out about a speaker: the text in, the speakers and candidates that are left."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from builder.config import SpeakerConfig
from builder.records import Document, Span
from builder.speakers.ranker import load_ranker
from builder.speakers.resolve import resolve
from tests.speakers.resolving import quoted, speakers


def test_who_is_asked_does_not_ask(article: Callable[..., Document]) -> None:
    document = article("Ilse Brandt came. Asked whether it rained, Brandt laughed.")
    asked, content = Span(18, 23), Span(24, 41)
    (first, *_) = quoted(article("“We go,” said Ilse Brandt."))
    question = replace(first, content=(content,), cue=(asked,), source=())
    (only,) = resolve(document, [question], SpeakerConfig(), load_ranker())
    assert only.name == ""
    assert "Ilse Brandt" not in {one.name for one in only.candidates}


def test_the_letters_of_an_interview_name_nobody(article: Callable[..., Document]) -> None:
    document = article("Ilse Brandt came.\n\nQ: Will you go?\n\nQ said that it rained.")
    (first, *_) = quoted(article("“We go,” said Ilse Brandt."))
    turn = replace(first, content=(Span(22, 34),), cue=(Span(20, 21),), source=(Span(19, 20),))
    person = replace(first, id="b", content=(Span(43, 57),), cue=(Span(38, 42),), source=(Span(36, 37),))
    asked, told = resolve(document, [turn, person], SpeakerConfig(threshold=0.0), load_ranker())
    assert (asked.name, asked.kind, asked.confidence) == ("", "unnamed", 1.0)
    assert told.confidence < 1.0  # without a colon, it may be a name


def test_a_name_of_several_words_is_nobody_elses(article: Callable[..., Document]) -> None:
    text = "Mayor Ilse Brandt came with Jan Okoro. “We go,” Nordic Rail said. “It rains,” the mayor said."
    body, mayor = speakers(article(text), threshold=0.0)
    assert (body.name, body.kind) == ("Nordic Rail", "organisation")
    assert not {"Ilse Brandt", "Jan Okoro"} & {one.name for one in body.candidates}
    assert mayor.name == "Ilse Brandt"


def test_one_person_is_no_body(article: Callable[..., Document]) -> None:
    text = "Crown Prince Jan Okoro came to the old harbour. “It is late,” the crown prince said."
    (prince,) = speakers(article(text), threshold=0.0)
    assert prince.name == "Jan Okoro"
    assert {one.kind for one in prince.candidates}.isdisjoint({"organisation", "government", "group"})


def test_several_people_at_once_are_no_person(article: Callable[..., Document]) -> None:
    text = "Judge Ilse Brandt came with Jan Okoro. A jury said that it was late."
    (jury,) = speakers(article(text), threshold=0.0)
    assert jury.name == "jury"
    assert {one.kind for one in jury.candidates}.isdisjoint({"person"})


def test_who_was_he_is_not_she(article: Callable[..., Document]) -> None:
    text = (
        "Runa Aune came to the old harbour. “It rains,” she said.\n\n"
        "Tore Lie, a farmer, came later. “It is late,” he said. Aune laughed at Lie. “We go,” she said."
    )
    names = [(one.name, {other.name for other in one.candidates}) for one in speakers(article(text))]
    assert [name for name, _ in names] == ["Runa Aune", "Tore Lie", "Runa Aune"]
    assert "Tore Lie" not in names[-1][1]


MET = "Police chief Ilse Brandt came to the harbour. “It burnt,” a spokesman for the port said. "


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{MET}“It is out now,” the spokesman said.", "unnamed"),
        (f"{MET}Mary Okoro, a spokesman for the town, came. “It is out now,” the spokesman said.", "person"),
    ],
)
def test_who_was_met_without_a_name_keeps_none(
    article: Callable[..., Document], text: str, kind: str
) -> None:
    assert speakers(article(text))[-1].kind == kind
