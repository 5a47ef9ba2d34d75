"""What many articles say of people, counted."""

import pytest

from builder.records import Span
from builder.speakers.entities import Entities, Entity, entities_of
from builder.speakers.knowledge import NOTHING, Knowledge, Said, pooled, read_table, said_in

TEXTS = (
    "The governor Ilse Brandt spoke. Jan Brandt, a noted botanist, did not.",
    "Governor Ilse M. Brandt of Unterau spoke.",
    "Ilse Brandt, the governor, left. Then Brandt came back.",
)


def entities(text: str) -> Entities:
    return entities_of(text, [Span(0, len(text))])


def said(text: str) -> Said:
    return said_in(text, entities(text))


def named(text: str, name: str) -> Entity:
    return next(one for one in entities(text).all if one.name == name)


@pytest.fixture
def knowledge() -> Knowledge:
    return pooled(map(said, TEXTS)).known


def test_an_article_says_words_of_those_it_names_in_full_and_which_nouns_stand_beside_names() -> None:
    one = said(TEXTS[0])
    assert "governor" in one.words["ilse", "brandt"]
    assert {"governor", "botanist"} <= one.nouns


def test_who_is_named_in_three_articles_is_known_by_the_words_of_two(knowledge: Knowledge) -> None:
    known = knowledge.people["ilse", "brandt"]
    assert (known.documents, known.words["governor"]) == (3, 3)
    assert "unterau" not in known.words  # one article only
    assert ("jan", "brandt") not in knowledge.people


def test_a_middle_name_and_a_surname_alone_mean_the_one_who_is_known(knowledge: Knowledge) -> None:
    known = knowledge.people["ilse", "brandt"]
    assert knowledge.about(named("Ilse M. Brandt spoke.", "Ilse M. Brandt")) is known
    assert knowledge.about(named("Then Brandt spoke.", "Brandt")) is known
    assert knowledge.about(named("Jan Brandt spoke.", "Jan Brandt")) is None
    assert knowledge.about(named("Jan Berg spoke.", "Jan Berg")) is None


def test_the_share_is_that_among_namesakes() -> None:
    known = pooled([said("Ilse Brandt spoke. Jan Brandt left.")] * 3 + [said("Ilse Brandt left.")] * 3).known
    ilse, jan = entities("Ilse Brandt met Jan Brandt.").all
    assert known.share(ilse, [ilse, jan]) == pytest.approx(6 / 9)
    assert known.share(jan, [ilse, jan]) == pytest.approx(3 / 9)
    assert NOTHING.share(jan, [ilse, jan]) == 0


def test_an_article_to_train_on_does_not_know_itself() -> None:
    articles = [said(text) for text in TEXTS]
    pool = pooled(articles)
    assert pool.but_for(articles[0]).people == {}  # two articles are left
    assert pool.but_for(articles[0]).nouns.get("botanist", 0) == 0
    more = pooled([*articles, articles[0]])
    assert more.people["ilse", "brandt"].documents == 4
    assert more.but_for(articles[0]).people["ilse", "brandt"].documents == 3


def test_the_table_is_read_as_it_was_written(knowledge: Knowledge) -> None:
    assert read_table(knowledge.table()) == knowledge
    assert read_table("") == NOTHING


@pytest.mark.parametrize(
    "table", ["ilse\tbrandt\t3", "ilse\tbrandt\tx\t", "ilse\tbrandt\t3\tmayor", "a\tb\t0\t"]
)
def test_another_table_is_none(table: str) -> None:
    with pytest.raises(ValueError):
        read_table(table)
