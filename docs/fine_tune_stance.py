"""Fine-tunes an encoder on the stances of a release, with `transformers` alone; needs quotestance[train].

    python docs/fine_tune_stance.py user/name v1.0.0 models/stance --encoder distilroberta-base
    python docs/fine_tune_stance.py user/name v1.0.0 models/stance --label pairs.jsonl > answers.jsonl

The model's card names the dataset and its revision. With --label the model that lies in the folder answers
pairs of `{"id", "text", "target", "speaker"?, "context"?}` a line, as `quotestance label` does.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, load_dataset
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)

PEOPLE = ("reviewed", "adjudicated")  # the label sources that are worth learning from
LONGEST = 256  # tokens
CARD = """---
base_model: {encoder}
datasets: [{dataset}]
pipeline_tag: text-classification
---

Stance of a quotation toward a target: {labels}. Trained on {rows} rows of {dataset}, revision {revision};
accuracy {accuracy:.3f} on {held_out} others.
"""


def train(dataset: str, revision: str, folder: Path, encoder: str, epochs: float) -> None:
    """Trains a model and writes it to a folder, with its tokenizer and its card."""
    set_seed(0)
    data = stances(dataset, revision)
    labels = data["train"].features["label"].names
    names = dict(enumerate(labels))
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    model = AutoModelForSequenceClassification.from_pretrained(
        encoder, num_labels=len(labels), id2label=names
    )
    unused = [name for name in data["train"].column_names if name != "label"]
    encoded = {
        split: rows.map(lambda row: encoded_pair(tokenizer, row), remove_columns=unused)
        for split, rows in data.items()
    }
    settings = TrainingArguments(
        output_dir=str(folder / "steps"),
        num_train_epochs=epochs,
        learning_rate=3e-5,
        per_device_train_batch_size=16,
        dataloader_pin_memory=torch.cuda.is_available(),
        save_strategy="no",
        report_to=[],
    )
    trainer = Trainer(
        model=model,
        args=settings,
        train_dataset=encoded["train"],
        eval_dataset=encoded["validation"],
        data_collator=DataCollatorWithPadding(tokenizer),
        compute_metrics=lambda found: {"accuracy": float((found[0].argmax(-1) == found[1]).mean())},
    )
    trainer.train()
    accuracy = trainer.evaluate()["eval_accuracy"]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    rows, held_out = len(data["train"]), len(data["validation"])
    told = {"dataset": dataset, "revision": revision, "encoder": encoder, "labels": ", ".join(labels)}
    card = CARD.format(rows=rows, held_out=held_out, accuracy=accuracy, **told)
    (folder / "README.md").write_text(card, encoding="utf-8")


def stances(dataset: str, revision: str) -> dict[str, Dataset]:
    """The rows that people labelled, a part of them held out; never those of `test`."""
    if Path(dataset).is_dir():  # of a folder `load_dataset` takes any revision, and ignores it
        version = json.loads((Path(dataset) / "manifest.json").read_text(encoding="utf-8"))["version"]
        if revision.removeprefix("v") != version:
            raise SystemExit(f"{dataset} is v{version}, not {revision}")
    found = load_dataset(dataset, "stance", revision=None if Path(dataset).is_dir() else revision)
    sources = found["train"].features["label_source"]
    settled = found.filter(lambda row: sources.int2str(row["label_source"]) in PEOPLE)
    if "validation" not in settled:
        parts = settled["train"].train_test_split(test_size=0.1, seed=0)
        return {"train": parts["train"], "validation": parts["test"]}
    return {split: settled[split] for split in ("train", "validation")}


def encoded_pair(tokenizer: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What the encoder reads of a row: who says what on the target, and the context."""
    said = f"{row.get('speaker') or 'Somebody'} on {row['target']}: {row['text']}"
    longest = min(tokenizer.model_max_length, LONGEST)
    return dict(tokenizer(said, row.get("context") or "", truncation=True, max_length=longest))


def label(pairs: Path, folder: Path) -> None:
    """Prints the model's answer to each pair, one a line."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    for line in pairs.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = {key: torch.tensor([value]) for key, value in encoded_pair(tokenizer, row).items()}
        with torch.no_grad():
            found = torch.softmax(model(**given).logits[0], dim=-1).tolist()
        probabilities = {model.config.id2label[number]: share for number, share in enumerate(found)}
        best = max(probabilities, key=lambda name: probabilities[name])
        answer = {"id": row["id"], "label": best, "probabilities": probabilities, "confidence": max(found)}
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("dataset", help="user/name on the Hub, or a release's folder")
    parser.add_argument("revision", help="its version, such as v1.0.0")
    parser.add_argument("model", type=Path, help="the folder of the model")
    parser.add_argument("--encoder", default="distilroberta-base", help="what to start from")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--label", type=Path, metavar="PAIRS.jsonl", help="answer pairs, do not train")
    given = parser.parse_args()
    if given.label:
        label(given.label, given.model)
    else:
        train(given.dataset, given.revision, given.model, given.encoder, given.epochs)
