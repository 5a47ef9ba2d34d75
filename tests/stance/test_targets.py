import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import Target
from builder.records import Document, Quotation, Span
from builder.stance.targets import MOST_CONTEXT, match_targets, paragraph_of


def document(text: str) -> Document:
    return Document(
        id="d1",
        text=text,
        uri="a.txt",
        url=None,
        title=None,
        published=None,
        site=None,
        author=None,
        agency=None,
        language="en",
        raw_sha256="0",
        extractor="test",
        zones=(),
    )


def quotation(*content: Span) -> Quotation:
    return Quotation(
        id="q1",
        document="d1",
        kind="direct",
        content=content,
        cue=(),
        source=(),
        addressee=(),
        paragraph=0,
        continues=None,
        confidence=1.0,
        extractor="test",
    )


def found(text: str, name: str, *aliases: str) -> list[str]:
    """The stretches of `text`, all of it a quotation, that name a target."""
    target = Target(id="t", name=name, aliases=aliases)
    matches = match_targets(document(text), quotation(Span(0, len(text))), [target])
    return [span.of(text) for match in matches for span in match.spans]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # capitals match only themselves
        ("US", "the US told us to trust US-led talks, USA", ["US", "US"]),
        ("U.S.", "the U.S. and us", ["U.S."]),
        ("MP", "two MPs, an MP and the MP's aide on MPS", ["MPs", "MP", "MP's"]),
        # a capital is part of a name, unless all is in capitals
        ("Trundle", "Trundle, TRUNDLE and trundle", ["Trundle", "TRUNDLE"]),
        ("iFig", "iFig, IFIG, ifig", ["iFig", "IFIG"]),
        # lower case is in any case
        (
            "gun control",
            "Gun control, GUN CONTROL and gun control",
            ["Gun control", "GUN CONTROL", "gun control"],
        ),
        # possessive, straight and curly
        ("Vale", "Vale's plan, Vale’s plan, Vales and Valesia", ["Vale's", "Vale’s", "Vales"]),
        ("Reyes", "Reyes’ plan and Reyes's plan", ["Reyes’", "Reyes's"]),
        # number
        ("trade deal", "no trade deals, no trade deal", ["trade deals", "trade deal"]),
        ("migrants", "a migrant among migrants", ["migrant", "migrants"]),
        ("city", "cities of a city", ["cities", "city"]),
        ("tax", "taxes on a tax", ["taxes", "tax"]),
        ("houses", "a house among houses", ["house", "houses"]),
        ("movies", "a movie among movies", ["movie", "movies"]),
        ("the news", "what is new in the news", ["news"]),
        ("economics", "economic growth and economics", ["economics"]),
        ("F-35", "two F-35s and the F-35’s engine", ["F-35s", "F-35’s"]),
        ("Sirocco 9", "Sirocco 9s and a Sirocco 9", ["Sirocco 9s", "Sirocco 9"]),
        ("Wales", "a Wale in Wales", ["Wales"]),
        # whole words only
        ("art", "the art of a party start, Art.", ["art", "Art"]),
        ("NATO", "anti-NATO, NATO-led, SENATOR", ["NATO", "NATO"]),
        # blanks, line breaks and hyphens between words
        (
            "climate change",
            "climate  change, climate\nchange, climate-change",
            ["climate  change", "climate\nchange", "climate-change"],
        ),
        (
            "rent-free year",
            "a rent free year, rent‑free years",
            ["rent free year", "rent‑free years"],
        ),
        ("Gripova-19", "Gripova‑19, GRIPOVA–19 and Gripova 19", ["Gripova‑19", "GRIPOVA–19", "Gripova 19"]),
        # articles
        ("the Harbour Party", "a Harbour Party official", ["Harbour Party"]),
        ("The Harbour Party", "a Harbour Party official", ["Harbour Party"]),
        ("The Who", "Who saw the Who?", ["the Who"]),
        # apostrophes inside
        ("O'Dell", "O’Dell and O'Dell’s", ["O’Dell", "O'Dell’s"]),
        # accents, composed or not
        ("Café Perün", "Cafe\u0301 Peru\u0308n", ["Cafe\u0301 Peru\u0308n"]),
        # names that look like patterns are taken literally
        ("C++", "C++ or C", ["C++"]),
        (".*", "all of it .* no", [".*"]),
        ("(a+)+$", "aaaa (a+)+$ aaaa", ["(a+)+$"]),
        ("[x", "[x", ["[x"]),
        ("\\d", "5 \\d", ["\\d"]),
    ],
)
def test_a_name_and_where_it_is_found(name: str, text: str, expected: list[str]) -> None:
    assert found(text, name) == expected


def test_aliases_count_and_the_longest_name_is_taken() -> None:
    assert found("Ilse Varga, Mayor Varga and Varga", "Ilse Varga", "Varga", "Mayor Varga") == [
        "Ilse Varga",
        "Mayor Varga",
        "Varga",
    ]


def test_a_name_within_a_longer_name_of_another_target_is_not_named() -> None:
    text = "The Coy campaign and Coy"
    targets = [Target(id="coy", name="Coy"), Target(id="campaign", name="the Coy campaign")]
    matches = match_targets(document(text), quotation(Span(0, len(text))), targets)
    assert [(match.target.id, [span.of(text) for span in match.spans]) for match in matches] == [
        ("coy", ["Coy"]),
        ("campaign", ["Coy campaign"]),
    ]
    assert matches[0].spans == (Span(21, 24),)


def test_two_targets_may_share_a_name() -> None:
    targets = [Target(id="a", name="Coy"), Target(id="b", name="Harlan Coy", aliases=("Coy",))]
    matches = match_targets(document("Coy"), quotation(Span(0, 3)), targets)
    assert [match.target.id for match in matches] == ["a", "b"]


TEXT = "Other news on the tunnel.\n“It is a waste,” Piet said of the tunnel, “a ruin.”\nThe bridge is open."


@pytest.mark.parametrize(
    ("name", "match", "expected"),
    [
        ("tunnel", "quotation", []),
        ("tunnel", "context", [("context", ["tunnel"])]),
        ("waste", "context", [("quotation", ["waste"])]),
        ("waste", "quotation", [("quotation", ["waste"])]),
        ("Piet", "quotation", []),  # between the parts of the quotation
        ("bridge", "context", []),  # another paragraph
    ],
)
def test_where_a_name_must_stand(name: str, match: str, expected: list[tuple[str, list[str]]]) -> None:
    parts = [TEXT.index("“It"), TEXT.index("“a ruin")]
    quoted = quotation(Span(parts[0], parts[0] + 16), Span(parts[1], parts[1] + 9))
    target = Target.model_validate({"id": "t", "name": name, "match": match})
    matches = match_targets(document(TEXT), quoted, [target])
    assert [(one.where, [span.of(TEXT) for span in one.spans]) for one in matches] == expected


def test_a_paragraph_is_a_line_and_not_longer_than_can_matter() -> None:
    assert paragraph_of(document("one\ntwo three\nfour"), quotation(Span(8, 13))) == Span(4, 13)
    long = document("a " * 50_000)
    around = paragraph_of(long, quotation(Span(40_000, 40_010)))
    assert around == Span(40_000 - MOST_CONTEXT, 40_010 + MOST_CONTEXT)


@given(st.text(max_size=20), st.text(max_size=60))
def test_any_name_is_refused_by_no_text_and_every_span_lies_in_it(name: str, text: str) -> None:
    if name.strip() and text:
        matches = match_targets(document(text), quotation(Span(0, len(text))), [Target(id="t", name=name)])
        for match in matches:
            assert all(0 <= span.start < span.end <= len(text) for span in match.spans)


@given(st.from_regex(r"[A-Za-z]{1,8}( [A-Za-z]{1,8}){0,2}", fullmatch=True))
def test_a_name_names_itself(name: str) -> None:
    assert found(f"so {name}, he said", name)
