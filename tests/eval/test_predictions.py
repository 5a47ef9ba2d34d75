import json
from pathlib import Path

import pytest

from builder.config import QuoteConfig
from builder.errors import UsageError
from builder.quotes.extract import load_extractor
from eval.predictions import by_document, predict, read_predictions


def line(**quotation: object) -> str:
    return json.dumps({"id": "d", "quotations": [quotation]})


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("not json", "not a JSON object"),
        ("[]", "not a JSON object"),
        ('{"id": "d"}', "no 'quotations'"),
        ('{"id": 1, "quotations": []}', "its id is no string"),
        ('{"id": "d", "quotations": 1}', "its quotations are no list"),
        ('{"id": "d", "quotations": []}\n' * 2, "document 2, 'd': stands there twice"),
        (line(cue=[[0, 1]]), "without content"),
        (line(content=[[1, "2"]]), r"whose content is no list of \[start, end\]"),
        (line(content=[[1, 2]], source=[1, 2]), "whose source is no list"),
        (line(content=[[1, 2]], confidence="high"), "whose confidence is not between 0 and 1: 'high'"),
        (line(content=[[1, 2]], confidence=1.5), "whose confidence is not between 0 and 1: 1.5"),
        (line(content=[[1, 2]], speaker="Ilse"), "whose speaker is no object"),
    ],
)
def test_malformed_predictions_are_refused(tmp_path: Path, lines: str, complaint: str) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint):
        read_predictions(path)


def test_predictions_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_predictions(tmp_path / "none.jsonl")


def test_content_is_all_that_a_quotation_must_have(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text(line(content=[[1, 2]]), encoding="utf-8")
    assert by_document(read_predictions(path)) == {"d": [{"content": [[1, 2]]}]}


def test_what_the_product_predicts_can_be_read_back(tmp_path: Path) -> None:
    text = "“The bridge is closed,” said Ilse Brandt."
    made = list(
        predict([{"id": "d", "text": text}, {"id": "empty", "text": ""}], load_extractor(QuoteConfig()))
    )
    path = tmp_path / "predictions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")
    assert read_predictions(path) == made
    assert [text[start:end] for start, end in made[0]["quotations"][0]["source"]] == ["Ilse Brandt"]
    assert made[1] == {"id": "empty", "quotations": []}
