"""From a document to its quotations by a model: what is made of a network's words, and what is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import SHIPPED, Settings, TaggerModel, load_tagger
from builder.quotes.quoted import Confidences
from builder.quotes.tagger import Page, TaggerExtractor, described
from builder.quotes.tagger import find as find_in
from builder.records import Document, Quotation, Span
from builder.tokenization import Tokenizer
from tests.quotes.scripted import Scripted

SURE = 0.9  # the confidence of everything that the scripted network finds, for:
CALIBRATION = Calibration(bias=2.1972246, weights=(0.0,) * len(FEATURES))  # ln(0.9 / 0.1)
CONFIDENCES = Confidences(introduced=0.7, turn=0.8, signed=0.6, continued=0.3, unattributed=0.1)

Found = tuple[str, list[str], list[str], list[str], float]
Said = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(SHIPPED)


Extract = Callable[..., list[Quotation]]


@pytest.fixture
def extract(tokenizer: Tokenizer) -> Extract:
    """Extracts with a network that goes by a script of words, and with bars for what it finds."""

    def number(word: str) -> int:
        return int(tokenizer.encode([word])[0][0][0])

    def of(
        document: Document, script: Said, least: float = 0.0, without_source: float = 0.0
    ) -> list[Quotation]:
        numbers = {
            number(anchor): {number(word): state for word, state in words.items()}
            for anchor, words in script.items()
        }
        chosen = Settings(0.0, least, without_source, CONFIDENCES, window_tokens=64, batch_tokens=256)
        model = TaggerModel("scripted", tokenizer, Scripted(numbers), chosen, CALIBRATION)
        (found,) = TaggerExtractor(model).extract([document])
        return found

    return of


def shown(text: str, quotations: Iterable[Quotation]) -> list[Found]:
    def cut(spans: Sequence[Span]) -> list[str]:
        return [span.of(text) for span in spans]

    return [(one.kind, cut(one.content), cut(one.cue), cut(one.source), one.confidence) for one in quotations]


SAYS: Said = {"said": {"We": "C", "go": "c", "now": "c", "Brandt": "S", "said": "v"}}


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("“We go,” said Brandt.", ["“We go,”"]),
        ("“We go”, said Brandt.", ["“We go”"]),
        ("\"We go!\" said Brandt.", ["\"We go!\""]),
        ("''We go,'' said Brandt.", ["''We go,''"]),
        ("“We go… ” said Brandt.", ["“We go… ”"]),
        ("“… we go,” said Brandt.", ["“… we go,”"]),
        ("“We,” said Brandt, “we go.”", ["“We,”", "“we go.”"]),
        ("“We go,” said Brandt. “Go.", ["“We go,”"]),
        ("We go, said Brandt.", ["We go"]),
        ("Brandt said that rain will not do and “we go” again.", ["“we go”"]),
    ],
)  # fmt: skip
def test_content_has_the_marks_around_it(
    article: Callable[..., Document], extract: Extract, text: str, content: list[str]
) -> None:
    ((_, found, *_),) = shown(text, extract(article(text), SAYS))
    assert found == content


def test_a_quotation_has_its_kind_its_source_and_its_cue(
    article: Callable[..., Document], extract: Extract
) -> None:
    text = "“We go,” said Brandt."
    (only,) = extract(article(text), SAYS)
    assert shown(text, [only]) == [("direct", ["“We go,”"], ["said"], ["Brandt"], SURE)]
    assert (only.extractor, only.document, only.paragraph, only.continues) == ("scripted", "d1", 0, None)


@pytest.mark.parametrize(
    ("source", "completed"),
    [
        ("Brandt (Unterau)", "Brandt (Unterau)"),
        ("Brandt of the U.S.", "Brandt of the U.S."),
        ("Brandt of Unterau.", "Brandt of Unterau"),
        ("@Brandt", "@Brandt"),
    ],
)
def test_a_source_ends_with_its_own_signs(
    article: Callable[..., Document], extract: Extract, source: str, completed: str
) -> None:
    text = f"“We go,” said {source} It rained."
    states = {"We": "C", "go": "c", "said": "v", "Brandt": "S"}
    script = {"said": states | dict.fromkeys(["of", "the", "U", "S", "Unterau"], "s")}
    ((_, _, _, found, _),) = shown(text, extract(article(text), script))
    assert found == [completed]


@pytest.mark.parametrize(
    ("before", "whole"),
    [
        ('William "', 'William "Bill" Holt'),
        ('It rained. William H. "', 'William H. "Bill" Holt'),
        ('It rained in Oslo. "', 'Bill" Holt'),
        ('She named "', 'Bill" Holt'),
    ],
)
def test_a_source_begins_with_the_whole_name(
    article: Callable[..., Document], extract: Extract, before: str, whole: str
) -> None:
    text = f'{before}Bill" Holt said it rained.'
    script = {"said": {"said": "v", "Bill": "S", "Holt": "s", "it": "C", "rained": "c"}}
    found = [one for one in shown(text, extract(article(text), script)) if one[2]]
    assert [one[3] for one in found] == [[whole]]


@pytest.mark.parametrize(
    ("text", "cue"),
    [("Brandt: We go now.", [":"]), ("Brandt — we go now.", ["—"]), ("Brandt we go now.", [])],
)
def test_a_cue_without_words_is_the_sign_behind_its_anchor(
    article: Callable[..., Document], extract: Extract, text: str, cue: list[str]
) -> None:
    script = {"Brandt": {"Brandt": "S", "We": "C", "go": "c", "now": "c"}}
    ((_, content, found, source, _),) = shown(text, extract(article(text), script))
    assert (content, found, source) == ([text[-10:-1].strip("— :")], cue, ["Brandt"])


def test_what_is_not_sure_enough_is_dropped(article: Callable[..., Document], extract: Extract) -> None:
    text = "We go, said Brandt."
    assert len(extract(article(text), SAYS, least=0.9, without_source=1.0)) == 1
    assert extract(article(text), SAYS, least=0.91, without_source=0.0) == []


def test_without_a_source_another_bar_counts(article: Callable[..., Document], extract: Extract) -> None:
    text = "We go, it was said."
    assert len(extract(article(text), SAYS, least=1.0, without_source=0.9)) == 1
    assert extract(article(text), SAYS, least=0.0, without_source=0.91) == []


def test_a_quoted_sentence_is_kept_even_if_nothing_was_sure_enough(
    article: Callable[..., Document], extract: Extract
) -> None:
    text = "“We go there right now,” said Brandt."
    found = extract(article(text), SAYS, least=1.0, without_source=1.0)
    assert shown(text, found) == [("direct", ["“We go there right now,”"], [], [], 0.1)]


def test_a_cue_whose_content_is_yet_to_come_introduces_a_quoted_sentence(
    article: Callable[..., Document], extract: Extract
) -> None:
    text = "Brandt said:\n\n“Nobody will stay behind.”"
    found = extract(article(text), {"said": {"Brandt": "S", "said": "v"}})
    assert shown(text, found) == [("direct", ["“Nobody will stay behind.”"], ["said"], ["Brandt"], 0.7)]


def test_only_the_body_is_read(article: Callable[..., Document], extract: Extract) -> None:
    body = "“We go,” said Brandt."
    text = f"“We go,” said Brandt\n\n{body}\n\n“We go,” said Brandt"
    (only,) = extract(article(text, body=body), SAYS)
    assert (only.content[0].start, only.paragraph) == (text.index(body, 5), 1)


@pytest.mark.parametrize(
    ("text", "share"),
    [("“We go now,” said Brandt.", 1), ("We go now, said Brandt.", 0), ("We “go now”, said Brandt.", 2 / 3),
     ("“Rain”We go now, said Brandt.", 0), ("‘We go’ now, said “Brandt.”", 2 / 3)],
)  # fmt: skip
def test_what_the_confidence_goes_by_knows_how_much_stands_between_marks(
    article: Callable[..., Document], tokenizer: Tokenizer, text: str, share: float
) -> None:
    numbers = {word: int(tokenizer.encode([word])[0][0][0]) for word in ("said", "We", "go", "now")}
    script = {numbers["said"]: {numbers["We"]: "C", numbers["go"]: "c", numbers["now"]: "c"}}
    page = Page.of(article(text), tokenizer, 64)
    (found,) = find_in([page], Scripted(script), 0.0, 64)
    ((values, _),) = described(page, found)
    assert dict(zip(FEATURES, values, strict=True))["between marks"] == pytest.approx(share)


EASY = [
    "“We will rebuild the bridge,” said Mayor Lena Brandt.",
    "Rain fell.",
    "",
    "Mayor Lena Brandt said that the council would rebuild the bridge next year.\n\n"
    + "Rain fell on it. " * 30,
    "“The harbour stays open,” Jonas Weller told reporters on Monday.\n\nThe plan is a gift, Weller said.",
]


@pytest.fixture(scope="module")
def alone(article: Callable[..., Document]) -> list[object]:
    """What the shipped model finds in each of the easy documents when it reads nothing else."""
    extractor = TaggerExtractor(load_tagger(SHIPPED))
    return [spans_of(extractor.extract([article(text)])[0]) for text in EASY]


@settings(max_examples=10)
@given(company=st.lists(st.sampled_from(EASY), max_size=12), place=st.integers(0, 12))
def test_a_document_has_the_same_quotations_in_any_company(
    article: Callable[..., Document], alone: list[object], company: list[str], place: int
) -> None:
    first = place % (len(company) + 1)
    documents = [article(text) for text in [*company[:first], *EASY, *company[first:]]]
    together = TaggerExtractor(load_tagger(SHIPPED)).extract(documents)[first : first + len(EASY)]
    assert [spans_of(found) for found in together] == alone


def spans_of(quotations: Sequence[Quotation]) -> list[object]:
    return [(one.id, one.kind, one.content, one.cue, one.source, one.continues) for one in quotations]


def test_the_same_documents_give_the_same_records(article: Callable[..., Document]) -> None:
    documents = [article(text) for text in EASY]
    extractor = TaggerExtractor(load_tagger(SHIPPED))
    assert extractor.extract(documents) == extractor.extract(documents)


PARTS = [
    *'said “ ” " ’ , . : ? Brandt she that told to rain (x) — calls the 1,200 \u200b \ud83d 😀'.split(),
    *("according to", "We will go now", "\n\n"),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PARTS), max_size=60).map(" ".join))
def test_every_span_cuts_the_text_and_ids_differ(article: Callable[..., Document], text: str) -> None:
    (found,) = TaggerExtractor(load_tagger(SHIPPED)).extract([article(text)])
    for one in found:
        assert one.content
        for span in (*one.content, *one.cue, *one.source):
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
        assert 0 <= one.confidence <= 1
    assert len({one.id for one in found}) == len(found)
    assert [one.content[0] for one in found] == sorted(one.content[0] for one in found)


@pytest.mark.parametrize(
    "unit", ["“a b c d.” ", "he said that ", ", he said, ", "“Why?” Bo asked. ", "“a.\n\n", "said "]
)
def test_hostile_text_is_read(article: Callable[..., Document], unit: str) -> None:
    text = unit * (8_000 // len(unit))
    (found,) = TaggerExtractor(load_tagger(SHIPPED)).extract([article(text)])
    assert all(one.content for one in found)
