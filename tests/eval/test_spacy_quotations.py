from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import pytest

from builder.errors import UsageError
from eval.spacy_quotations import Names, line_of, quotations_of

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'quotestance[peers]'")

TEXT = "“We go,” Ilse Brandt has often said. 🚢 Okoro hopes to stay."
#       0        9           21  25    31    37 39    45    51   58


@pytest.fixture
def doc() -> Any:
    """Tokens: “ We go , ” Ilse(5) Brandt has often said(9) . 🚢 Okoro(12) hopes to stay(15) ."""
    made = spacy.blank("en")(TEXT)
    assert [made[at].text for at in (0, 4, 5, 9, 12, 15)] == ["“", "”", "Ilse", "said", "Okoro", "stay"]
    return made


FIRST = {"content": [[0, 8]], "cue": [[21, 24], [31, 35]], "source": [[9, 20]]}
SECOND = {"content": [[51, 58]], "cue": [[45, 50]], "source": [[39, 44]]}

# The shape of what textacy's direct_quotations yields: lists of tokens, and a span.
Triple = namedtuple("Triple", ["speaker", "cue", "content"])


def test_triples_of_tokens_and_spans(doc: Any) -> None:
    found = [
        Triple(speaker=[doc[12]], cue=[doc[13]], content=doc[14:16]),
        Triple(speaker=[doc[5], doc[6]], cue=[doc[7], doc[9]], content=doc[0:5]),
    ]
    assert quotations_of(doc, found) == [FIRST, SECOND]
    assert quotations_of(doc, [tuple(one) for one in found]) == [FIRST, SECOND]
    assert quotations_of(doc, iter(found)) == [FIRST, SECOND]


def test_dictionaries_with_offsets_in_strings(doc: Any) -> None:
    # As GenderGapTracker writes them: the words beside their offsets, (0,0) or nothing where there is none.
    found = {
        "speaker": "Okoro", "speaker_index": "(39,44)", "quote": "to stay", "quote_index": "(51,58)",
        "verb": "hopes", "verb_index": "(45,50)", "quote_token_count": 2, "quote_type": "SVC",
        "is_floating_quote": False,
    }  # fmt: skip
    nobody = found | {"speaker": "", "speaker_index": "(0,0)", "verb": "", "verb_index": ""}
    assert quotations_of(doc, [found, nobody]) == [SECOND, SECOND | {"cue": [], "source": []}]


def test_objects_and_dictionaries_of_any_spans(doc: Any) -> None:
    @dataclass
    class Attribution:
        content: Any
        source: Any = None
        confidence: float | None = None

    span = doc[14:16]
    doc.spans["any"] = [span]
    for content in (span, [span], [[51, 58]], (51, 58), [doc[14], doc[15]], doc.spans["any"]):
        assert quotations_of(doc, [{"content": content, "cue": doc[13], "source": (39, 44)}]) == [SECOND]
        assert quotations_of(doc, [Attribution(content, doc[12], 0.123456)]) == [
            SECOND | {"cue": [], "confidence": 0.1235}
        ]


def test_spans_whose_extension_attributes_name_the_rest(doc: Any) -> None:
    span_class = spacy.tokens.Span
    span_class.set_extension("speaker", default=None)
    span_class.set_extension("verb", default=None)
    try:
        span = doc[14:16]
        span._.speaker, span._.verb = doc[12:13], doc[13]
        assert quotations_of(doc, [span, doc[0:5]]) == [FIRST | {"cue": [], "source": []}, SECOND]
    finally:
        span_class.remove_extension("speaker")
        span_class.remove_extension("verb")


def test_span_groups_of_one_role_each(doc: Any) -> None:
    span = spacy.tokens.Span
    doc.spans["content"] = [span(doc, 14, 16, span_id="q2"), span(doc, 0, 5, span_id="q1")]
    doc.spans["cue"] = [
        span(doc, 7, 8, span_id="q1"),
        span(doc, 9, 10, span_id="q1"),
        span(doc, 13, 14, span_id="q2"),
    ]
    doc.spans["speaker"] = [span(doc, 12, 13, span_id="q2"), span(doc, 5, 7, span_id="q1")]
    doc.spans["errors"] = [span(doc, 1, 2)]
    assert quotations_of(doc) == [FIRST, SECOND]


def test_one_span_group_with_labels(doc: Any) -> None:
    span = spacy.tokens.Span
    doc.spans["sc"] = [
        span(doc, 12, 13, label="SOURCE", span_id="q"),
        span(doc, 13, 14, label="CUE", span_id="q"),
        span(doc, 14, 16, label="CONTENT", span_id="q"),
        span(doc, 0, 5, label="CONTENT"),
        span(doc, 10, 11, label="OTHER"),
    ]
    assert quotations_of(doc) == [FIRST | {"cue": [], "source": []}, SECOND]


def test_a_document_without_span_groups_has_no_quotations(doc: Any) -> None:
    assert quotations_of(doc) == quotations_of(doc, []) == []


def test_an_extractor_may_call_the_parts_as_it_likes(doc: Any) -> None:
    names = Names(content=("utterance",), cue=("verb",), source=("who",))
    found = {"utterance": doc[14:16], "verb": doc[13], "who": doc[12], "content": "of something else"}
    assert quotations_of(doc, [found], names) == [SECOND]


def test_what_has_only_blanks_between_is_one_fragment(doc: Any) -> None:
    found = {"content": [[0, 3], [4, 8], [2, 3], [51, 53]]}
    assert quotations_of(doc, [found])[0]["content"] == [[0, 8], [51, 53]]


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ({"content": None, "cue": [[0, 3]]}, "a quotation without content"),
        ({"content": [[3, 3]]}, "a quotation without content"),
        ({"text": "We go"}, "this is no quotation: {'text': 'We go'}"),
        ("We go", "this is no quotation: 'We go'"),
        (7, "this is no quotation: 7"),
        ([1, 2], "this is no quotation"),
        ({"content": "We go"}, "text instead of offsets: 'We go'"),
        ({"content": [[0, 999]]}, r"\[0, 999\] is not within its 59 characters"),
        ({"content": [[-1, 3]]}, r"\[-1, 3\] is not within"),
        ({"content": [[5, 3]]}, r"\[5, 3\] is not within"),
        ({"content": [[0, 3]], "cue": 5}, "neither spans nor tokens nor offsets: 5"),
        ({"content": [[0, 3]], "cue": [1.5, 2.5]}, "neither spans nor tokens nor offsets: 1.5"),
        ({"content": [[0, 3]], "confidence": 3.2}, "a confidence that is not between 0 and 1: 3.2"),
        ({"content": [[0, 3]], "confidence": "nan"}, "a confidence that is not between 0 and 1: nan"),
        ({"content": [[0, 3]], "confidence": "high"}, "a confidence that is no number: 'high'"),
    ],
)
def test_what_is_no_quotation_is_refused_with_its_document(doc: Any, found: Any, complaint: str) -> None:
    with pytest.raises(UsageError, match=f"document 'one': .*{complaint}"):
        line_of("one", doc, TEXT, [found])


def test_a_part_of_another_document_is_refused(doc: Any) -> None:
    sentence = doc[11:].as_doc()
    with pytest.raises(UsageError, match=r"'to stay' is a part of another document: '🚢"):
        quotations_of(doc, [{"content": sentence[3:5]}])


def test_a_part_of_the_same_text_parsed_again_is_none_of_another_document(doc: Any) -> None:
    again = spacy.blank("en")(TEXT)
    assert quotations_of(doc, [{"content": again[14:16]}])[0]["content"] == SECOND["content"]


def test_a_cue_that_belongs_to_nothing_is_refused(doc: Any) -> None:
    doc.spans["cue"] = [doc[13:14]]
    with pytest.raises(UsageError, match="the cue 'hopes' has no span id"):
        quotations_of(doc)


def test_a_line_has_the_form_of_extract(doc: Any) -> None:
    assert line_of("one", doc, TEXT, [(doc[12], doc[13], doc[14:16])]) == {
        "id": "one",
        "quotations": [SECOND],
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            TEXT.replace("🚢", "ship"),
            "from character 37 on it is '🚢 Okoro hopes to sta', not 'ship Okoro hopes to '",
        ),
        (TEXT[:-1], r"from character 58 on it is '\.', not ''"),
        (TEXT + "\n", r"from character 59 on it is '', not '\\n'"),
    ],
)
def test_a_text_that_is_not_the_corpus_s_is_refused(doc: Any, text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=f"document 'one': its text is not that of the corpus: {complaint}"):
        line_of("one", doc, text, [])
