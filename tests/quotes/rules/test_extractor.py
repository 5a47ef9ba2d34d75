"""Extraction by rule: a text in; kind, source, cue and content of each quotation out."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.quotes.rules.extractor import CONFIDENCE, RuleExtractor
from builder.records import Document, Quotation, Zone

Found = tuple[str, str, str, list[str]]


def extract(document: Document) -> list[Quotation]:
    (found,) = RuleExtractor().extract([document])
    return found


def shown(document: Document) -> list[Found]:
    text = document.text
    return [
        (
            one.kind,
            " ".join(span.of(text) for span in one.source),
            " ".join(span.of(text) for span in one.cue),
            [span.of(text) for span in one.content],
        )
        for one in extract(document)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We go,” she said.", ("direct", "she", "said", ["“We go,”"])),
        ('"We go," said Ilse Brandt, the mayor.', ("direct", "Ilse Brandt, the mayor", "said", ['"We go,"'])),
        ("“Why now?” asked Brandt.", ("direct", "Brandt", "asked", ["“Why now?”"])),
        ("“Why now?” Brandt asked.", ("direct", "Brandt", "asked", ["“Why now?”"])),
        ("‘We don’t go’, Brandt said.", ("direct", "Brandt", "said", ["‘We don’t go’"])),
        ("''We go,'' Ms. Brandt said.", ("direct", "Ms. Brandt", "said", ["''We go,''"])),
        ("«We go,» said Brandt.", ("direct", "Brandt", "said", ["«We go,»"])),
        ("“We go,” Brandt told Morning Hour on Monday.", ("direct", "Brandt", "told", ["“We go,”"])),
        ("“We go,” Ilse Brandt, mayor of Unterau, told reporters.",
         ("direct", "Ilse Brandt, mayor of Unterau,", "told", ["“We go,”"])),
        ("“We,” said Brandt, “go.”", ("direct", "Brandt", "said", ["“We,”", "“go.”"])),
        ("“We go,” she said. “Now..”", ("direct", "she", "said", ["“We go,”", "“Now..”"])),
        ("Brandt said: “We go.”", ("direct", "Brandt", "said", ["“We go.”"])),
        ("In a statement on Monday, Brandt said, “We go.”", ("direct", "Brandt", "said", ["“We go.”"])),
        ("Brandt added in an interview with us: “We go.”", ("direct", "Brandt", "added", ["“We go.”"])),
        ("Asked about it, “Let it rain,” she replied.", ("direct", "she", "replied", ["“Let it rain,”"])),
    ],
)  # fmt: skip
def test_direct_quotations(article: Callable[..., Document], text: str, expected: Found) -> None:
    assert shown(article(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She said that it was “bold and late”.", ("mixed", "She", "said", ["that it was “bold and late”"])),
        ("The plan was “bold,” Brandt said.", ("mixed", "Brandt", "said", ["The plan was “bold,”"])),
        ("She hailed a “bold plan” for all.", ("mixed", "She", "hailed", ["a “bold plan” for all"])),
        ("Brandt told the council on Monday that the plan was late.",
         ("indirect", "Brandt", "told", ["that the plan was late"])),
        ("Brandt said the plan had failed that night.",
         ("indirect", "Brandt", "said", ["the plan had failed that night"])),
        ("She has long denied that she knew.", ("indirect", "She", "has long denied", ["that she knew"])),
        ("The plan had failed, she said on Monday.", ("indirect", "she", "said", ["The plan had failed"])),
        ("The plan, she said, had failed.", ("indirect", "she", "said", ["The plan had failed"])),
        ("The plan had failed, according to the ministry.",
         ("indirect", "the ministry", "according to", ["The plan had failed"])),
        ("According to Ilse Brandt, a farmer, the plan failed.",
         ("indirect", "Ilse Brandt, a farmer", "According to", ["the plan failed"])),
        ("Brandt vowed to fight the plan.", ("indirect", "Brandt", "vowed", ["to fight the plan"])),
        ("Brandt criticized the plan, which failed.", ("indirect", "Brandt", "criticized", ["the plan"])),
        ("A guard, who asked not to be named, said the plan had failed.",
         ("indirect", "A guard, who asked not to be named,", "said", ["the plan had failed"])),
    ],
)  # fmt: skip
def test_mixed_and_indirect_quotations(article: Callable[..., Document], text: str, expected: Found) -> None:
    kind, source, cue, content = expected
    ((found_kind, found_source, found_cue, found),) = shown(article(text))
    assert (found_kind, found_source, found_cue) == (kind, source, cue)
    assert " ".join(found) == " ".join(content)


def test_two_reports_in_one_sentence_share_their_source(article: Callable[..., Document]) -> None:
    text = "Brandt said that it rained, adding that it was “a shame”, and said that she would stay."
    assert shown(article(text)) == [
        ("indirect", "Brandt", "said", ["that it rained"]),
        ("mixed", "Brandt", "adding", ["that it was “a shame”"]),
        ("indirect", "Brandt", "said", ["that she would stay"]),
    ]


def test_quotations_back_to_back_keep_their_own_cues(article: Callable[..., Document]) -> None:
    text = "She thanked him, saying that “it was by no means easy.” “We are here,” he said."
    assert shown(article(text)) == [
        ("mixed", "She", "saying", ["that “it was by no means easy.”"]),
        ("direct", "he", "said", ["“We are here,”"]),
    ]


def test_a_quotation_over_paragraphs_is_one(article: Callable[..., Document]) -> None:
    text = "“We go,” she said. “It is late.\n\n“It is dark.\n\n“It rains.”\n\nNobody spoke."
    assert shown(article(text)) == [
        ("direct", "she", "said", ["“We go,”", "“It is late.", "“It is dark.", "“It rains.”"])
    ]


def test_a_quotation_over_paragraphs_may_have_its_cue_at_the_end(article: Callable[..., Document]) -> None:
    text = "“It is late.\n\n“It is dark,” she said."
    assert shown(article(text)) == [("direct", "she", "said", ["“It is late.", "“It is dark,”"])]


def test_a_sentence_that_ends_in_a_colon_has_the_cue_of_the_next_paragraph(
    article: Callable[..., Document],
) -> None:
    text = "Brandt continued:\n\n“It is late and it is dark.”"
    assert shown(article(text)) == [("direct", "Brandt", "continued", ["“It is late and it is dark.”"])]


def test_a_quoted_paragraph_without_a_cue_continues_the_one_before(article: Callable[..., Document]) -> None:
    text = "“We go,” she said.\n\n“None of them will stay behind.”"
    first, second = extract(article(text))
    assert second.continues == first.id
    assert second.cue == ()
    assert second.source == first.source
    assert second.confidence == CONFIDENCE["continued"]


def test_a_quoted_sentence_is_never_lost(article: Callable[..., Document]) -> None:
    (only,) = extract(article("A hush fell. “None of them will stay behind tonight.” Rain came."))
    assert (only.kind, only.cue, only.source, only.continues) == ("direct", (), (), None)
    assert only.confidence == CONFIDENCE["unattributed"]


@pytest.mark.parametrize(
    "text",
    [
        "She sang “Seven Grey Geese” at the fair.",
        "The so-called “experts” left early.",
        "His ‘office’ is a shed, the “shed” a ruin.",
        'The town, 12" of snow on its roofs, slept.',
        "The claims of the report were false.",
        "",
        "\n\n",
    ],
)
def test_titles_and_scare_quotes_are_no_quotations(article: Callable[..., Document], text: str) -> None:
    assert extract(article(text)) == []


def test_only_the_body_is_searched(article: Callable[..., Document]) -> None:
    body = "“We go,” she said."
    text = f"“Nobody goes,” says mayor\n\n{body}\n\n“It all ends here,” says king"
    (only,) = extract(article(text, body=body))
    assert [span.of(text) for span in only.content] == ["“We go,”"]
    assert only.paragraph == 1


def test_a_quotation_goes_on_behind_an_interruption_of_the_body() -> None:
    text = "“It is late,” she said. “It rains.\n\n“Read more: a thing”\n\n“It is dark.”"
    teaser = text.index("“Read")
    zones = (
        Zone(0, teaser, "body"),
        Zone(teaser, teaser + 20, "boilerplate"),
        Zone(teaser + 20, len(text), "body"),
    )
    document = Document("d", text, "", None, None, None, None, None, None, None, "", "test", zones)
    assert shown(document) == [("direct", "she", "said", ["“It is late,”", "“It rains.", "“It is dark.”"])]


def test_documents_are_answered_one_by_one(article: Callable[..., Document]) -> None:
    extractor = RuleExtractor()
    documents = [article("“We go,” she said."), article("Rain."), article("“We stay,” he said.")]
    assert [len(found) for found in extractor.extract(documents)] == [1, 0, 1]
    assert extractor.extract(documents) == [extractor.extract([one])[0] for one in documents]


WORDS = ["said", "“", "”", '"', "’", ",", ".", ":", "?", "Brandt", "she", "that", "who", "and", "told", "to",
         "adding", "according to", "\n\n", "rain", "(x)", "—", "calls", "the", "1,200"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=300)
def test_every_span_cuts_the_text_and_contents_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    zones = (Zone(0, len(text), "body"),)
    found = extract(Document("d", text, "", None, None, None, None, None, None, None, "", "test", zones))
    for one in found:
        for span in (*one.content, *one.cue, *one.source):
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
    contents = sorted(span for one in found for span in one.content)
    assert all(before.end <= after.start for before, after in itertools.pairwise(contents))
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize(
    "unit", ["“a b c d.” ", "he said that ", ", he said, ", "“Why?” Bo asked. ", "“a.\n\n"]
)
def test_hostile_text_is_read_in_linear_time(article: Callable[..., Document], unit: str) -> None:
    text = unit * (40_000 // len(unit))
    assert all(one.content for one in extract(article(text)))
