import argparse
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval import spacy_docs
from eval.predictions import read_predictions

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install 'quotestance[peers]'")

TEXTS = {"one": "Okoro hopes to stay.", "two": "“We go,” said Ilse Brandt.", "three": "It rained."}
QUOTATION = {"content": [[12, 19]], "cue": [[6, 11]], "source": [[0, 5]]}


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in TEXTS.items()))
    return path


@pytest.fixture
def run(tmp_path: Path, texts: Path) -> Callable[..., tuple[dict[str, object], list[dict[str, Any]]]]:
    """Converts documents, with the options; gives the figures and the lines that were written."""

    def convert(*docs: Any, options: tuple[str, ...] = ()) -> tuple[dict[str, object], list[dict[str, Any]]]:
        path, output = tmp_path / "docs.spacy", tmp_path / "lines.jsonl"
        spacy.tokens.DocBin(docs=docs, store_user_data=True).to_disk(path)
        parser = argparse.ArgumentParser()
        spacy_docs.add_arguments(parser)
        words = (str(path), "-o", str(output), "--texts", str(texts), *options)
        figures = spacy_docs.run(parser.parse_args(words))
        return figures, read_predictions(output)

    return convert


@pytest.fixture
def docs() -> list[Any]:
    """Documents of the texts; the first two carry a quotation each in their user data."""
    made = [spacy.blank("en")(text) for text in TEXTS.values()]
    made[0].user_data["found"] = [{"source": [[0, 5]], "cue": [[6, 11]], "content": [[12, 19]]}]
    made[1].user_data["found"] = [([[14, 18], [19, 25]], (), [[0, 8]])]
    return made


def test_user_data_survive_the_file(run: Any, docs: list[Any]) -> None:
    figures, lines = run(docs[1], docs[0], options=("--quotations", "found"))
    assert lines == [
        {"id": "two", "quotations": [{"content": [[0, 8]], "cue": [], "source": [[14, 25]]}]},
        {"id": "one", "quotations": [QUOTATION]},
    ]
    assert {key: figures[key] for key in figures if key != "written"} == {
        "documents": 2, "documents_without_line": 1, "quotations": 2, "with_cue": 1, "with_source": 2,
    }  # fmt: skip


def test_an_extension_attribute_survives_the_file(run: Any, docs: list[Any]) -> None:
    spacy.tokens.Doc.set_extension("quotations", default=None)
    try:
        docs[0]._.quotations = [QUOTATION]
        _, lines = run(docs[0], options=("--quotations", "quotations"))
    finally:
        spacy.tokens.Doc.remove_extension("quotations")
    assert lines == [{"id": "one", "quotations": [QUOTATION]}]


def test_span_groups_survive_the_file(run: Any, docs: list[Any]) -> None:
    span = spacy.tokens.Span
    docs[0].spans["utterance"] = [span(docs[0], 2, 4, span_id="q")]
    docs[0].spans["found"] = [
        span(docs[0], 0, 1, label="source", span_id="q"),
        span(docs[0], 1, 2, label="cue", span_id="q"),
    ]
    _, lines = run(*docs, options=("--content", "utterance"))
    assert lines[0] == {"id": "one", "quotations": [QUOTATION]}
    assert [line["quotations"] for line in lines[1:]] == [[], []]


def test_documents_may_say_their_ids(run: Any, docs: list[Any]) -> None:
    docs[0].user_data["id"] = "two"  # which is not the one with this text
    with pytest.raises(UsageError, match="document 'two': its text is not that of the corpus"):
        run(docs[0], options=("--quotations", "found"))


def test_ids_may_stand_in_a_file(run: Any, docs: list[Any], tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("one\ntwo\n")
    options = ("--quotations", "found", "--ids", str(ids))
    assert [line["id"] for line in run(*docs[:2], options=options)[1]] == ["one", "two"]
    with pytest.raises(UsageError, match=r"ids\.txt: 2 ids for 3 documents"):
        run(*docs, options=options)
    with pytest.raises(UsageError, match="document 'one': its text is not that of the corpus"):
        run(docs[1], docs[0], options=options)
    ids.write_text("one\nfour\n")
    with pytest.raises(UsageError, match=r"ids\.txt:2: the corpus has no document 'four'"):
        run(*docs[:2], options=options)
    ids.write_text("one\none\n")
    with pytest.raises(UsageError, match="document 2 is 'one', which stands there twice"):
        run(docs[0], docs[0], options=options)


def test_a_text_that_the_corpus_has_not_once_needs_an_id(run: Any, docs: list[Any], texts: Path) -> None:
    with pytest.raises(UsageError, match=r"document 1, 'Another\.': the corpus has no such text; .*--ids"):
        run(spacy.blank("en")("Another."), options=("--quotations", "found"))
    texts.write_text(texts.read_text() + json.dumps({"id": "four", "text": TEXTS["one"]}))
    with pytest.raises(UsageError, match="the corpus has its text 2 times"):
        run(docs[0], options=("--quotations", "found"))


def test_finding_nothing_at_all_is_an_error_that_says_what_there_is(run: Any, docs: list[Any]) -> None:
    docs[0].spans["sc"] = []
    with pytest.raises(
        UsageError, match=r"called 'quotes'; they have the span groups \['sc'\] and .*'found'"
    ):
        run(*docs, options=("--quotations", "quotes"))
    with pytest.raises(UsageError, match="in span groups or labels"):
        run(*docs)


def test_user_data_of_another_kind_are_refused(run: Any, docs: list[Any]) -> None:
    docs[0].user_data["found"] = "nothing"
    with pytest.raises(UsageError, match="its 'found' is no list: 'nothing'"):
        run(docs[0], options=("--quotations", "found"))


def test_a_file_that_is_no_docbin_is_refused(tmp_path: Path, docs: list[Any]) -> None:
    path = tmp_path / "docs.spacy"
    good = spacy.tokens.DocBin(docs=docs, store_user_data=True).to_bytes()
    for data in (b"", b"text", good[:40], good[:-3], zlib.compress(b"\x01"), zlib.compress(b"\x81\xa1a\x01")):
        path.write_bytes(data)
        with pytest.raises(UsageError, match=r"docs\.spacy: is not a file of spaCy's DocBin"):
            list(spacy_docs.read_docs(path))
    with pytest.raises(UsageError, match="cannot be read"):
        list(spacy_docs.read_docs(tmp_path / "none.spacy"))
