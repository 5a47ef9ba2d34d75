"""Training the encoder that tells stances: one command, a configuration and a seed."""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import Trainer, TrainingArguments, get_linear_schedule_with_warmup, set_seed

from builder.engine.workspace import make_folder, write_atomically
from builder.errors import ConfigError
from builder.ids import sha256
from builder.stance.classifier import SHIPPED
from builder.stance.description import ModelDescription, read_description, write_description
from builder.stance.encoder import KIND, WEIGHTS
from builder.stance.encoder import load as load_stance_encoder
from builder.stance.examples import LabelledExample, content_hash, read_labelled
from builder.stance.train import check_enough, check_output, deal_folds
from builder.tokenization import FILE as TOKENIZER
from builder.tokenization import Tokenizer
from builder.training.averaging import WeightAverage, Weights, copied, mixed
from builder.training.config import StanceCorpus, StanceStage, StanceTraining, load_stance_training
from builder.training.encoders import (
    encoder_like,
    load_encoder,
    rated_groups,
    save_config,
    save_tokenizer,
    use_all_cores,
)
from builder.training.stance_calibration import HeldOut, Measured, calibrated
from builder.training.stance_card import encoder_card
from builder.training.stance_data import Batches, Collator, Corpus, batches_of, lessons_of, repeated
from builder.training.stance_export import export_stance, restore
from builder.training.stance_network import StanceNetwork

LIBRARIES = ("torch", "transformers", "onnx")
# Of an encoder that learns from somebody's own labels: passes through them, and the rate of its top layer.
PASSES, FINE_RATE = 4.0, 5e-5
READ_BATCH_TOKENS = 2048  # of a batch when the model is used


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was written, and how it did on each corpus's held-out pairs."""

    description: ModelDescription
    figures: tuple[Measured, ...]


def train(config_file: Path, output: Path, checkpoints: Path | None = None) -> Trained:
    """Trains a model and writes its folder: graph, tokenizer, description and card.

    Paths in the configuration start at its folder. After each stage the weights are kept in
    `checkpoints`, if that is given; a training that finds a stage of its own there goes on behind it.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: a line of a corpus is wrong, there is no such encoder, or `output` cannot be written.
    """
    config = load_stance_training(config_file)
    _check(config, config_file)
    corpora = [_read(one, config, config_file.parent) for one in config.corpora]
    make_folder(output)
    network = train_network(config, corpora, checkpoints)
    return write_model(network, config, corpora, output)


def fine_tune(
    encoder: str,
    labelled: Sequence[LabelledExample],
    source: str,
    output: Path,
    labels: Sequence[str],
    seed: int = 0,
    notes: str = "",
) -> ModelDescription:
    """Trains an encoder from labelled examples and writes its folder, as `builder.stance.train.train_on`.

    `encoder` is the name of a model that ships, the folder of a stance encoder, or any encoder as in a
    configuration. A share of the texts is held out to calibrate and to measure on.

    Raises:
        UsageError: a label has too few examples, there is no such encoder, or `output` cannot be written.
        ModelError: the folder's graph is damaged.
    """
    check_enough(labelled, labels, source)
    check_output(output, WEIGHTS)
    start = _starting_folder(encoder)
    if start:
        load_stance_encoder(start)  # what is damaged is named before the time is spent
    config = StanceTraining(
        encoder=read_description(start).name if start else encoder,
        labels=tuple(labels),
        seed=seed,
        corpora=(),
        stages=(StanceStage(passes={source: PASSES}, encoder_rate=FINE_RATE, head_rate=10 * FINE_RATE),),
        terms=read_description(start).terms if start else "",
    )
    folds = deal_folds(labelled, seed)
    learnt = [one for one, fold in zip(labelled, folds, strict=True) if fold]
    held_out = [one for one, fold in zip(labelled, folds, strict=True) if not fold]
    corpora = [Corpus(source, learnt, held_out, tuple(labels), "as its owner says")]
    make_folder(output)
    network = train_network(config, corpora, start=start)
    return write_model(network, config, corpora, output, start, notes).description


def _starting_folder(encoder: str) -> Path | None:
    """The folder of the stance encoder that is meant, if one is."""
    folder = SHIPPED.get(encoder) or Path(encoder)
    return folder if (folder / WEIGHTS).is_file() else None


def _check(config: StanceTraining, path: Path) -> None:
    names = [one.name for one in config.corpora]
    if len(set(names)) < len(names):
        raise ConfigError(path, "corpora", "each must have a name of its own")
    for number, stage in enumerate(config.stages):
        unknown = sorted(set(stage.passes) - set(names))
        if unknown:
            raise ConfigError(path, f"stages.{number}.passes", f"there is no corpus {unknown[0]!r}")
    for corpus in config.corpora:
        unknown = [label for label in corpus.labels if label not in config.labels]
        if unknown:
            raise ConfigError(path, f"corpora.{corpus.name}.labels", f"{unknown[0]!r} is not in the scheme")
    if not any(one.held_out for one in config.corpora):
        raise ConfigError(path, "corpora", "at least one needs `held_out` pairs to be measured on")


def _read(corpus: StanceCorpus, config: StanceTraining, base: Path) -> Corpus:
    labels = corpus.labels or config.labels
    return Corpus(
        corpus.name,
        read_labelled(base / corpus.train, labels),
        read_labelled(base / corpus.held_out, labels) if corpus.held_out else (),
        labels,
        corpus.licence,
    )


def train_network(
    config: StanceTraining,
    corpora: Sequence[Corpus],
    checkpoints: Path | None = None,
    start: Path | None = None,
) -> StanceNetwork:
    """Trains a network, stage after stage; the same configuration on the same machine gives the same.

    `start` is the folder of a stance encoder whose weights are taken instead of the encoder's own.
    """
    use_all_cores()
    set_seed(config.seed)
    with tempfile.TemporaryDirectory() as folder:
        if not start:
            save_tokenizer(config.encoder_name(), Path(folder))
        tokenizer = Tokenizer(start or Path(folder))
    encoder = encoder_like(start) if start else load_encoder(config.encoder_name())
    network = StanceNetwork(encoder, len(config.labels), config.dropout)
    if start:
        restore(network, start / WEIGHTS)
    by_name = {one.name: one for one in corpora}
    beginning = weights = copied(network.state_dict())
    beginning_key = key = ""
    for number, stage in enumerate(config.stages, 1):
        if not stage.beside:
            beginning, beginning_key = weights, key
        own_key = _key(beginning_key, config, stage, by_name)
        kept = checkpoints / f"stage-{number}-{own_key[:12]}.safetensors" if checkpoints else None
        if kept and kept.is_file():
            own: Weights = load_file(kept)
        else:
            network.load_state_dict(beginning)
            _run(network, config, stage, by_name, tokenizer)
            own = copied(network.state_dict())
            if kept:
                make_folder(kept.parent)
                save_file(dict(own), kept)
        weights = own if stage.share == 1 else mixed(weights, own, stage.share)
        key = own_key if stage.share == 1 else f"{key} {own_key} {stage.share}"
    network.load_state_dict(weights)
    return network.cpu().eval()


def _key(before: str, config: StanceTraining, stage: StanceStage, corpora: Mapping[str, Corpus]) -> str:
    """What the weights after a stage depend on, as a hash."""
    settings = config.model_dump(mode="json", exclude={"corpora", "stages", "read_tokens", "terms"})
    data = {name: [content_hash(corpora[name].train), corpora[name].labels] for name in stage.passes}
    return sha256(
        json.dumps(
            [before, settings, stage.model_dump(exclude={"beside", "share"}), data], sort_keys=False
        ).encode()
    )


def _run(
    network: StanceNetwork,
    config: StanceTraining,
    stage: StanceStage,
    corpora: Mapping[str, Corpus],
    tokenizer: Tokenizer,
) -> None:
    """One stage: the network learns, and is left with the average of its weights."""
    seed = config.seed + stage.seed
    set_seed(seed)
    random = np.random.default_rng(seed)
    lessons = [
        lesson
        for name, passes in stage.passes.items()
        for lesson in repeated(
            lessons_of(corpora[name].train, config.labels, corpora[name].labels, tokenizer, config.tokens),
            passes,
            random,
        )
    ]
    batches = batches_of(lessons, config.batch_tokens, random)
    optimizer = torch.optim.AdamW(
        list(rated_groups(network, network.encoder, stage.encoder_rate, stage.head_rate, config.layer_decay)),
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )
    average = WeightAverage(network, config.average_decay)
    with tempfile.TemporaryDirectory() as log:
        trainer = Trainer(
            model=network,
            args=_arguments(config, len(batches), seed, log),
            train_dataset=Batches(batches),
            data_collator=Collator(tokenizer.mask, config.hidden_share, seed),
            optimizers=(
                optimizer,
                get_linear_schedule_with_warmup(
                    optimizer, round(config.warmup_share * len(batches)), len(batches)
                ),
            ),
            callbacks=[average],
        )
        trainer.train()
    average.apply()


def _arguments(config: StanceTraining, steps: int, seed: int, log: str) -> TrainingArguments:
    return TrainingArguments(
        output_dir=log,
        max_steps=steps,
        per_device_train_batch_size=1,  # an item is a batch
        bf16=config.bf16,
        use_cpu=not torch.cuda.is_available(),
        max_grad_norm=1.0,
        seed=seed,
        save_strategy="no",
        report_to=[],
        logging_steps=50,
        remove_unused_columns=False,
        disable_tqdm=True,
    )


def write_model(
    network: StanceNetwork,
    config: StanceTraining,
    corpora: Sequence[Corpus],
    output: Path,
    start: Path | None = None,
    notes: str = "",
) -> Trained:
    """Exports a trained network, calibrates it on the held-out pairs and describes it.

    `start` is as in `train_network`; `notes` is Markdown for the end of the card.
    """
    export_stance(network, output / WEIGHTS)
    save_config(network.encoder, config.labels, output)
    if start:
        write_atomically(output / TOKENIZER, (start / TOKENIZER).read_bytes())
    else:
        save_tokenizer(config.encoder_name(), output)
    held_out = [HeldOut(one.name, one.held_out, one.labels) for one in corpora if one.held_out]
    settings, figures = calibrated(output, config.labels, config.read_tokens, READ_BATCH_TOKENS, held_out)
    every = [one for corpus in corpora for one in corpus.train]
    counts = Counter(one.label for one in every)
    description = ModelDescription(
        kind=KIND,
        labels=tuple(config.labels),
        fingerprint=sha256((output / WEIGHTS).read_bytes()),
        temperature=1.0,  # the calibration by form has its own
        seed=config.seed,
        data=content_hash(every),
        source=", ".join(one.name for one in corpora),
        examples={label: counts[label] for label in config.labels},
        figures=figures[0].figures,
        libraries={name: version(name) for name in LIBRARIES},
        terms=config.terms,
        encoder=settings,
    )
    card = encoder_card(description, config, corpora, figures, notes)
    write_atomically(output / "README.md", card.encode())
    write_description(description, output)
    return Trained(description, tuple(figures))
