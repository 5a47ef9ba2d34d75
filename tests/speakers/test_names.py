"""Names in a text: the words of each name, with its titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.speakers.names import find_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ilse Brandt met Okoro.", ["Ilse Brandt", "Okoro"]),
        ("President Ilse M. Brandt spoke.", ["Ilse M. Brandt"]),
        ("Foreign Minister Jan van der Meer spoke.", ["Jan van der Meer"]),
        ("But Brandt left.", ["Brandt"]),
        ("On Monday Brandt left for Unterau.", ["Brandt", "Unterau"]),
        ("They went to Unterau. Anna Berg stayed.", ["Unterau", "Anna Berg"]),
        ("Siobhán O'Dell-Ng and Éva Kőszegi", ["Siobhán O'Dell-Ng", "Éva Kőszegi"]),
        ("a Russian diplomat and a Republican", []),
        ("Nguyen Thi Lan Huong met Pham Thi Mai.", ["Nguyen Thi Lan Huong", "Pham Thi Mai"]),
        ("NATO and the EU", []),
        ("nobody at all", []),
        ("BRANDT: We will go there.", ["BRANDT"]),  # a label
        ("It was BRANDT who came.", []),
        ("MARY BRANDT: We go.", ["MARY BRANDT"]),  # a given name
        ("He asked J. K. Brandt about it.", ["J. K. Brandt"]),
        ("Adé Korsa, Jr. spoke.", ["Adé Korsa, Jr."]),
        ("Robert “Bob” Korsa Sr. spoke.", ["Robert “Bob” Korsa Sr."]),
        ("Bjarne “The Anchor” Holt spoke.", ["Bjarne “The Anchor” Holt"]),
        ("Bjarne “The anchor” Holt spoke.", ["Bjarne", "Holt"]),
        ("Omar al-Basri spoke.", ["Omar al-Basri"]),
        ("The post by @AdaBo said so.", ["@AdaBo"]),
        ("The post by @ada_bo said so.", ["@ada_bo"]),
        ("It went to ada@Bo.org quickly.", []),
        ("The coach Charlie King spoke.", ["Charlie King"]),  # a title at the end is a surname
        ("He heard on Fox News Mary Berg was late.", ["Mary Berg"]),  # a given name in a longer run
        ("They met the Unterau Times reporter Mary Berg over there.", ["Unterau Times", "Mary Berg"]),
        ("It was an émigré from élite schools.", []),
        ("-Anna Berg tells why. A half-Berg plan.", ["Anna Berg"]),  # an item of a list
        ("Neither Berg nor Professors Brandt and Okoro came.", ["Berg", "Brandt", "Okoro"]),
        # what mostly stands alone ends what a sentence begins with, and a given name before it a longer run
        ("Brandt came. Brandt ate beneath a tree. Brandt left. Beneath Brandt it shook.", ["Brandt"] * 4),
        ("Brandt came. Brandt ate. Brandt left. Electing Brandt was easy.", ["Brandt"] * 4),
        ("Mr. Brandt came. Brandt left. They held the Ilse Brandt Day.", ["Brandt", "Brandt", "Ilse Brandt"]),
        ("Supt. Ilse Brandt met Cllr Jan Berg and Det. Insp. Okoro.", ["Ilse Brandt", "Jan Berg", "Okoro"]),
        ("PC Mary Berg came. Then PC Berg bought a PC World magazine.", ["Mary Berg", "Berg", "PC World"]),
        ("They told the Senator. Ilse Brandt wept.", ["Ilse Brandt"]),  # no title of hers: a sentence ends
        ("It was for the Unterau Health Organization to say.", ["Unterau Health Organization"]),
        ("Shadow Health Minister Jan Berg came.", ["Jan Berg"]),
        # letters behind a name are none of its words
        (
            "Ilse Brandt MP met Sir Jan Berg OBE and Mary Okoro KC. Then Brandt MP left.",
            ["Ilse Brandt", "Jan Berg", "Mary Okoro", "Brandt"],
        ),
        # what is a month, a colour or a body, too, is a name where one in full and a verb say so
        ("Mary May came. May told him in May that the May vote was lost.", ["Mary May", "May"]),
        ("Jan White came. White, a baker, painted the White Inn white.", ["Jan White", "White", "Inn"]),
        ("The White team met. White said nothing.", []),
        ("They heard Mrs. May and saw Secretary March 3 maps.", ["May"]),
        # what is a verb or a month, too, is a given name in a sentence or before a verb
        (
            "They met the baker Will Berg. Will Berg win? Will Brandt said so.",
            ["Will Berg", "Berg", "Will Brandt"],
        ),
        (
            "His niece, June Berg, wept. In June Brandt left. April Okoro said so.",
            ["June Berg", "Brandt", "April Okoro"],
        ),
        ("It was a strong June Unterau vote.", ["Unterau"]),
        # a surname in the middle that somebody else bears alone
        (
            "Mr. Brandt came. Brandt left. Ilse Brandt Day met Ms. Day.",
            ["Brandt", "Brandt", "Ilse Brandt Day", "Day"],
        ),
        ("Thanks for coming. Besides, it rained.", []),  # words that only open their sentences
        ("“Berg Says Anna Brandt Was There” was written on it before.", ["Berg", "Anna Brandt"]),  # a title
    ],
)
def test_names_are_runs_of_capitals_without_titles(text: str, names: list[str]) -> None:
    assert [name.text for name in find_names(text, [Span(0, len(text))])] == names


def test_in_a_headline_only_what_the_text_names_elsewhere_is_a_name() -> None:
    text = "Brandt Wins Long Race Against Everybody\nLast night Brandt slept until it was late."
    names = find_names(text, [Span(0, len(text))])
    assert [(name.text, name.headline) for name in names] == [("Brandt", True), ("Brandt", False)]
    alone = "Brandt Wins Long Race Against Everybody\nThen somebody slept until it was late."
    assert find_names(alone, [Span(0, len(alone))]) == []


@pytest.mark.parametrize(
    ("ending", "names"),
    [
        (".", ["Ilse Brandt", "Adé Korsa", "Odile Okoro"]),
        (".”", ["Ilse Brandt", "Adé Korsa", "Odile Okoro"]),
        ("", ["Ilse Brandt"]),  # a headline: of capitals alone, only what a given name begins is a name
    ],
)
def test_a_line_that_ends_like_a_sentence_is_no_headline(ending: str, names: list[str]) -> None:
    text = f"Ilse Brandt met Adé Korsa and Odile Okoro{ending}"
    assert [name.text for name in find_names(text, [Span(0, len(text))])] == names


def test_titles_and_genitives_are_kept_beside_the_words() -> None:
    text = "Mrs. Brandt’s office and Sen. Okoro with Baroness Berg"
    brandt, okoro, berg = find_names(text, [Span(0, len(text))])
    assert (brandt.titles, brandt.genitive) == (("mrs",), True)
    assert (okoro.titles, okoro.genitive) == (("sen",), False)
    assert (berg.titles, berg.genitive) == (("baroness",), False)


def test_letters_of_honours_end_behind_the_name() -> None:
    text = "Ilse Brandt MP’s office and Jan Berg"
    brandt, berg = find_names(text, [Span(0, len(text))])
    assert (brandt.span.of(text), text[: brandt.end], brandt.genitive) == (
        "Ilse Brandt",
        "Ilse Brandt MP",
        True,
    )
    assert berg.end == berg.span.end


@pytest.mark.parametrize(
    ("words", "surname"), [("Ilse Brandt", "Brandt"), ("Adé Korsa Jr.", "Korsa"), ("Brandt", "Brandt")]
)
def test_the_surname_is_the_last_word_that_is_no_suffix(words: str, surname: str) -> None:
    (name,) = find_names(words, [Span(0, len(words))])
    assert name.surname == surname


@given(st.text(alphabet="AaBb .,’'-\nÉé", max_size=50))
def test_names_cut_the_text_they_claim(text: str) -> None:
    for name in find_names(text, [Span(0, len(text))]):
        assert name.span.of(text).split() == list(name.words)
