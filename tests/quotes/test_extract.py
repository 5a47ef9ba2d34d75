"""Extraction as it is configured: which extractor answers, and easy sentences in which each is right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builder.config import QuoteConfig
from builder.errors import ModelError, UsageError
from builder.quotes.extract import load_extractor, model_folder
from builder.quotes.model import SHIPPED, load_tagger
from builder.quotes.rules.extractor import NAME
from builder.records import Document, Quotation

Found = tuple[str, str, str, list[str]]
ACCURATE, FAST = QuoteConfig(), QuoteConfig(extractor="fast")


def extract(document: Document, config: QuoteConfig) -> list[Quotation]:
    (found,) = load_extractor(config).extract([document])
    return found


def shown(text: str, quotations: list[Quotation]) -> list[Found]:
    return [
        (
            one.kind,
            " ".join(span.of(text) for span in one.source),
            " ".join(span.of(text) for span in one.cue),
            [span.of(text) for span in one.content],
        )
        for one in quotations
    ]


@pytest.mark.parametrize("config", [ACCURATE, FAST], ids=lambda config: config.extractor)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will rebuild the bridge,” said Mayor Lena Brandt.",
         [("direct", "Mayor Lena Brandt", "said", ["“We will rebuild the bridge,”"])]),
        ("\"We will rebuild the bridge,\" Brandt said.",
         [("direct", "Brandt", "said", ["\"We will rebuild the bridge,\""])]),
        ("“We will rebuild the bridge,” said Brandt. “It will take two years.”",
         [("direct", "Brandt", "said", ["“We will rebuild the bridge,”", "“It will take two years.”"])]),
        ("Mayor Lena Brandt said: “We will rebuild the bridge next year.”",
         [("direct", "Mayor Lena Brandt", "said", ["“We will rebuild the bridge next year.”"])]),
        ("Brandt said that the council would rebuild the bridge.",
         [("indirect", "Brandt", "said", ["that the council would rebuild the bridge"])]),
        ("The bridge will be closed for two years, according to the city council.",
         [("indirect", "the city council", "according to", ["The bridge will be closed for two years"])]),
        ("Brandt said that the plan was “a gift to the city”.",
         [("mixed", "Brandt", "said", ["that the plan was “a gift to the city”"])]),
        ("The council met on Monday. The bridge is closed.", []),
        ("The so-called “experts” left early.", []),
        ("", []),
        ("\n\n", []),
    ],
)  # fmt: skip
def test_easy_sentences(
    article: Callable[..., Document], config: QuoteConfig, text: str, expected: list[Found]
) -> None:
    assert shown(text, extract(article(text), config)) == expected


@pytest.mark.parametrize("config", [ACCURATE, FAST], ids=lambda config: config.extractor)
def test_a_quoted_sentence_is_never_lost(article: Callable[..., Document], config: QuoteConfig) -> None:
    sentence = "“None of them will stay behind tonight.”"
    ((kind, _, _, content),) = shown(sentence, extract(article(f"{sentence}\n\nRain came."), config))
    assert (kind, content) == ("direct", [sentence])


def test_the_trained_model_answers_if_nothing_else_is_asked_for() -> None:
    assert load_extractor(QuoteConfig()).name == load_tagger(SHIPPED).name


def test_the_rules_answer_if_it_is_to_be_fast() -> None:
    assert load_extractor(FAST).name == NAME


def test_a_model_s_folder_starts_where_the_configuration_lies(tmp_path: Path) -> None:
    assert model_folder(QuoteConfig(model=Path("models/mine")), tmp_path) == tmp_path / "models" / "mine"
    assert model_folder(QuoteConfig(model=SHIPPED), tmp_path) == SHIPPED
    assert model_folder(ACCURATE, tmp_path) == SHIPPED
    assert model_folder(FAST, tmp_path) is None


def test_a_model_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"mine/model\.json: cannot be read"):
        load_extractor(QuoteConfig(model=Path("mine")), tmp_path)


def test_the_rules_take_no_model() -> None:
    with pytest.raises(UsageError, match="the fast extractor takes no model"):
        load_extractor(QuoteConfig(extractor="fast", model=Path("mine")))


@pytest.mark.parametrize("extractor", ["accurate", "fast"])
def test_only_the_wanted_kinds_are_given(article: Callable[..., Document], extractor: str) -> None:
    text = (
        "“We will go there,” she said.\n\nBrandt said that it rained.\n\nBrandt said that it was “a shame”."
    )
    wanted = QuoteConfig.model_validate({"extractor": extractor, "kinds": ("direct", "mixed")})
    assert [one.kind for one in extract(article(text), wanted)] == ["direct", "mixed"]


@pytest.mark.parametrize("config", [ACCURATE, FAST], ids=lambda config: config.extractor)
def test_documents_are_answered_one_by_one(article: Callable[..., Document], config: QuoteConfig) -> None:
    documents = [article("“We will go,” she said."), article("Rain."), article("“We will stay,” he said.")]
    assert [len(found) for found in load_extractor(config).extract(documents)] == [1, 0, 1]
    assert load_extractor(config).extract([]) == []


def test_what_is_found_in_an_article_does_not_depend_on_other_articles(
    article: Callable[..., Document],
) -> None:
    others = [
        article("“Well,” said Ada Quill. The rest of the evening was quiet. " * n) for n in (1, 3, 7, 12)
    ]
    asked = article(
        "Mayor Lena Brandt said the bridge would be rebuilt within a year.\n\n"
        "“We will not wait,” she told the council, adding that the money was there."
    )
    extractor = load_extractor(ACCURATE)
    (alone,) = extractor.extract([asked])
    assert alone
    assert extractor.extract([*others, asked])[-1] == alone  # confidences, too, to the last digit
