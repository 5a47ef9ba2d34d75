"""Training the encoder that tells stances: one command, a configuration and a seed."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from transformers import set_seed

from builder.engine.workspace import make_folder, write_atomically
from builder.errors import ConfigError
from builder.ids import sha256
from builder.release.examples import UNLABELLED
from builder.stance.classifier import SHIPPED
from builder.stance.description import ModelDescription, read_description, write_description
from builder.stance.encoder import KIND, WEIGHTS
from builder.stance.encoder import load as load_stance_encoder
from builder.stance.encoding import Encoded, encode
from builder.stance.examples import LabelledExample, content_hash, read_labelled
from builder.stance.train import check_enough, check_output, deal_folds
from builder.tokenization import FILE as TOKENIZER
from builder.tokenization import Tokenizer
from builder.training.averaging import Weights, copied, mixed
from builder.training.batches import Batches, batches_of
from builder.training.checkpoints import kept, weights_hash
from builder.training.config import StanceCorpus, StanceStage, StanceTraining, load_stance_training
from builder.training.encoders import (
    CONFIG,
    encoder_like,
    load_encoder,
    save_config,
    save_tokenizer,
    settle_table,
    tokenizer_of,
    use_all_cores,
)
from builder.training.loop import Schedule, learn
from builder.training.quantization import is_in_eight_bits
from builder.training.stance_calibration import HeldOut, Measured, calibrated
from builder.training.stance_card import card_again, encoder_card
from builder.training.stance_data import Collator, Corpus, lessons_of, repeated
from builder.training.stance_export import export_stance, restore
from builder.training.stance_network import StanceNetwork
from builder.training.stance_teacher import Teacher, pool_of

LIBRARIES = ("torch", "transformers", "onnx")
# Of an encoder that learns from somebody's own labels: passes through them, and the rate of its top layer.
PASSES, FINE_RATE = 4.0, 5e-5
CARD = "README.md"
READ_BATCH_TOKENS = 2048  # of a batch when the model is used
DRAWN = 300  # pairs that say how an encoder in eight bits rounds


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was written, and how it did on each corpus's held-out pairs."""

    description: ModelDescription
    figures: tuple[Measured, ...]


def train(config_file: Path, output: Path, checkpoints: Path | None = None) -> Trained:
    """Trains a model and writes its folder: graph, tokenizer, description and card.

    Paths of data in the configuration start at its folder. After each stage the weights are kept in
    `checkpoints`, if that is given; a training that finds a stage of its own there goes on behind it.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: a line of a corpus is wrong, there is no such encoder, or `output` cannot be written.
    """
    config = load_stance_training(config_file)
    _check(config, config_file)
    corpora = [_read(one, config, config_file.parent) for one in config.corpora]
    pool = _pool(config, config_file.parent)
    config, start = _from_its_start(config)
    make_folder(output)
    learnt = _taught(config, [*corpora, *pool], checkpoints)
    network = train_network(config, learnt, checkpoints, start)
    return write_model(network, config, [*corpora, *pool], output, start)


def calibrate_again(config_file: Path, model: str, output: Path) -> Trained:
    """Calibrates a trained model on the held-out pairs of a configuration, and writes its folder.

    Nothing is trained: the weights are those of `model`, the name of one that ships or a folder. Where the
    configuration wants arithmetic in eight bits, they are rounded for that.

    Raises:
        ConfigError: the configuration is wrong, or has other labels than the model.
        UsageError: a line of a corpus is wrong, or `output` cannot be written.
        ModelError: `model` is no encoder's folder, or is damaged.
    """
    config = load_stance_training(config_file)
    _check(config, config_file)
    folder = SHIPPED.get(model) or Path(model)
    loaded = load_stance_encoder(folder)
    if loaded.labels != config.labels:
        raise ConfigError(config_file, "labels", f"the model answers {', '.join(loaded.labels)}")
    held_out = [
        HeldOut(one.name, pairs, one.labels or config.labels)
        for one in config.corpora
        if (pairs := _held_out(one, config, config_file.parent))
    ]
    make_folder(output)
    for name in (TOKENIZER, CONFIG):
        write_atomically(output / name, (folder / name).read_bytes())
    rounded = is_in_eight_bits(folder / WEIGHTS)
    if config.arithmetic_bits == 8 and not rounded:
        rounded = True
        network = StanceNetwork(encoder_like(folder), len(config.labels), config.dropout)
        restore(network, folder / WEIGHTS)
        corpora = [_read(one, config, config_file.parent) for one in config.corpora]
        read = _drawn(corpora, loaded.tokenizer, config)
        export_stance(network.eval(), output / WEIGHTS, config.table_bits, read)
    else:
        write_atomically(output / WEIGHTS, (folder / WEIGHTS).read_bytes())
    own = loaded.settings
    settings, figures = calibrated(output, config.labels, own.read_tokens, own.batch_tokens, held_out)
    description = replace(
        read_description(folder),
        fingerprint=sha256((output / WEIGHTS).read_bytes()),
        encoder=settings,
        figures=figures[0].figures,
    )
    card = folder / CARD
    told = card.read_text("utf-8", errors="replace") if card.is_file() else ""
    again = card_again(told, description.name, figures, rounded)
    write_atomically(output / CARD, again.encode())
    write_description(description, output)
    return Trained(description, tuple(figures))


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
    config, start = _from_its_start(
        StanceTraining(
            encoder=encoder,
            labels=tuple(labels),
            seed=seed,
            corpora=(),
            stages=(StanceStage(passes={source: PASSES}, encoder_rate=FINE_RATE, head_rate=10 * FINE_RATE),),
        )
    )
    folds = deal_folds(labelled, seed)
    learnt = [one for one, fold in zip(labelled, folds, strict=True) if fold]
    held_out = [one for one, fold in zip(labelled, folds, strict=True) if not fold]
    corpora = [Corpus(source, learnt, held_out, tuple(labels), "as its owner says")]
    make_folder(output)
    network = train_network(config, corpora, start=start)
    return write_model(network, config, corpora, output, start, notes).description


def _from_its_start(config: StanceTraining) -> tuple[StanceTraining, Path | None]:
    """The folder of the stance encoder that training starts from, if it does, and what follows of it.

    The encoder is then called by that model's name, and what its licences ask stays in force, as does
    arithmetic in eight bits.

    Raises:
        ModelError: the folder's graph is damaged.
    """
    folder = SHIPPED.get(config.encoder) or Path(config.encoder)
    if not (folder / WEIGHTS).is_file():
        return config, None
    load_stance_encoder(folder)  # what is damaged is named before the time is spent
    described = read_description(folder)
    terms = dict.fromkeys(one for one in (described.terms, config.terms) if one)
    inherited: dict[str, object] = {"encoder": described.name, "terms": " ".join(terms)}
    if is_in_eight_bits(folder / WEIGHTS):
        inherited["arithmetic_bits"] = 8
    return config.model_copy(update=inherited), folder


def _check(config: StanceTraining, path: Path) -> None:
    names = [one.name for one in config.corpora]
    if len(set(names)) < len(names):
        raise ConfigError(path, "corpora", "each must have a name of its own")
    learnt = list(names)
    if config.teacher:
        _check_stages("teacher.stages", config.teacher.stages, names, path)
        if unknown := sorted(set(config.teacher.corpora) - set(names)):
            raise ConfigError(path, "teacher.corpora", f"there is no corpus {unknown[0]!r}")
        if config.teacher.release:
            if UNLABELLED in names:
                raise ConfigError(path, "corpora", f"{UNLABELLED!r} is the pairs of the teacher's release")
            if not any(UNLABELLED in stage.passes for stage in config.stages):
                raise ConfigError(path, "teacher.release", f"no stage passes through {UNLABELLED!r}")
            learnt.append(UNLABELLED)
    _check_stages("stages", config.stages, learnt, path)
    for corpus in config.corpora:
        unknown = [label for label in corpus.labels if label not in config.labels]
        if unknown:
            raise ConfigError(path, f"corpora.{corpus.name}.labels", f"{unknown[0]!r} is not in the scheme")
    if not any(one.held_out for one in config.corpora):
        raise ConfigError(path, "corpora", "at least one needs `held_out` pairs to be measured on")


def _check_stages(key: str, stages: Sequence[StanceStage], names: Sequence[str], path: Path) -> None:
    for number, stage in enumerate(stages):
        if unknown := sorted(set(stage.passes) - set(names)):
            raise ConfigError(path, f"{key}.{number}.passes", f"there is no corpus {unknown[0]!r}")


def _read(corpus: StanceCorpus, config: StanceTraining, base: Path) -> Corpus:
    labels = corpus.labels or config.labels
    return Corpus(
        corpus.name,
        read_labelled(base / corpus.train, labels),
        _held_out(corpus, config, base),
        labels,
        corpus.licence,
    )


def _held_out(corpus: StanceCorpus, config: StanceTraining, base: Path) -> Sequence[LabelledExample]:
    return read_labelled(base / corpus.held_out, corpus.labels or config.labels) if corpus.held_out else ()


def _pool(config: StanceTraining, base: Path) -> list[Corpus]:
    """The corpus of the pairs that only a teacher answers, if there is one."""
    if not (config.teacher and config.teacher.release):
        return []
    pool = pool_of(base / config.teacher.release, config.labels, config.teacher.licence)
    most = config.teacher.most_pairs
    if most is None or len(pool.train) <= most:
        return [pool]
    drawn = np.random.default_rng(config.seed).choice(len(pool.train), most, replace=False)
    return [replace(pool, train=[pool.train[number] for number in sorted(drawn)])]


def _taught(config: StanceTraining, corpora: Sequence[Corpus], checkpoints: Path | None) -> Sequence[Corpus]:
    """The corpora as a teacher teaches them, if there is one."""
    if not config.teacher:
        return corpora
    given = config.teacher
    own, start = _from_its_start(
        config.model_copy(
            update={
                "encoder": given.encoder,
                "stages": given.stages,
                "batch_tokens": given.batch_tokens,
                "table_bits": 8,
                "teacher": None,
            }
        )
    )
    network = train_network(own, corpora, checkpoints, start)
    teacher = Teacher(network, _tokenizer(own, start), own)
    asked = {*given.corpora, *([UNLABELLED] if given.release else [])}
    return [teacher.taught(one, given.share, checkpoints) if one.name in asked else one for one in corpora]


def _drawn(corpora: Sequence[Corpus], tokenizer: Tokenizer, config: StanceTraining) -> list[Encoded]:
    """Some pairs to learn from, as many of each corpus."""
    random = np.random.default_rng(config.seed)
    drawn = [
        one.train[number].example
        for one in corpora
        for number in random.permutation(len(one.train))[: math.ceil(DRAWN / len(corpora))]
    ]
    return encode(drawn, tokenizer, config.read_tokens)


def _tokenizer(config: StanceTraining, start: Path | None) -> Tokenizer:
    return Tokenizer(start) if start else tokenizer_of(config.encoder_name())


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
    tokenizer = _tokenizer(config, start)
    encoder = encoder_like(start) if start else load_encoder(config.encoder_name())
    network = StanceNetwork(encoder, len(config.labels), config.dropout)
    if start:
        restore(network, start / WEIGHTS)
    if config.table_bits == 4:
        settle_table(encoder)
    by_name = {one.name: one for one in corpora}
    beginning = weights = copied(network.state_dict())
    frame = (tokenizer.first, tokenizer.separator, tokenizer.mask)
    beginning_key = key = f"{weights_hash(network)} {frame}" if checkpoints else ""
    for number, stage in enumerate(config.stages, 1):
        if not stage.beside:
            beginning, beginning_key = weights, key
        own_key = _key(beginning_key, config, stage, by_name)
        learn_it = partial(_run, network, beginning, config, stage, by_name, tokenizer)
        own = kept(checkpoints, f"stage-{number}", own_key, learn_it)
        weights = own if stage.share == 1 else mixed(weights, own, stage.share)
        key = own_key if stage.share == 1 else f"{key} {own_key} {stage.share}"
    network.load_state_dict(weights)
    return network.cpu().eval()


def _key(before: str, config: StanceTraining, stage: StanceStage, corpora: Mapping[str, Corpus]) -> str:
    """What the weights after a stage depend on, as a hash."""
    settings = config.model_dump(
        mode="json", exclude={"arithmetic_bits", "corpora", "stages", "read_tokens", "teacher", "terms"}
    )
    data = {name: [content_hash(corpora[name].train), corpora[name].labels] for name in stage.passes}
    return sha256(
        json.dumps(
            [before, settings, stage.model_dump(exclude={"beside", "share"}), data], sort_keys=False
        ).encode()
    )


def _run(
    network: StanceNetwork,
    beginning: Weights,
    config: StanceTraining,
    stage: StanceStage,
    corpora: Mapping[str, Corpus],
    tokenizer: Tokenizer,
) -> Weights:
    """One stage: what the network learns from some weights on, as the average of its weights."""
    network.load_state_dict(beginning)
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
    lengths = [len(one.sequence.tokens) for one in lessons]
    batches = batches_of(lessons, lengths, config.batch_tokens, random)
    schedule = Schedule(
        steps=len(batches),
        items=1,  # an item is a batch
        seed=seed,
        encoder_rate=stage.encoder_rate,
        head_rate=stage.head_rate,
        layer_decay=config.layer_decay,
        warmup_share=config.warmup_share,
        average_decay=config.average_decay,
        bf16=config.bf16,
    )
    collator = Collator(tokenizer.mask, config.hidden_share, seed)
    learn(network, network.encoder, Batches(batches), collator, schedule)
    return copied(network.state_dict())


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
    read = _drawn(corpora, _tokenizer(config, start), config) if config.arithmetic_bits == 8 else ()
    export_stance(network, output / WEIGHTS, config.table_bits, read)
    save_config(network.encoder, config.labels, output)
    if start:
        write_atomically(output / TOKENIZER, (start / TOKENIZER).read_bytes())
    else:
        save_tokenizer(config.encoder_name(), output)
    held_out = [HeldOut(one.name, one.held_out, one.labels) for one in corpora if one.held_out]
    settings, figures = calibrated(output, config.labels, config.read_tokens, READ_BATCH_TOKENS, held_out)
    every = [one for corpus in corpora for one in corpus.train]
    counts = Counter(one.label for one in every if one.label)
    description = ModelDescription(
        kind=KIND,
        labels=tuple(config.labels),
        fingerprint=sha256((output / WEIGHTS).read_bytes()),
        temperature=1.0,  # the calibration by form has its own
        seed=config.seed,
        data=content_hash(every),
        source=", ".join(one.name for one in corpora if any(pair.label for pair in one.train)),
        examples={label: counts[label] for label in config.labels},
        figures=figures[0].figures,
        libraries={name: version(name) for name in LIBRARIES},
        terms=config.terms,
        encoder=settings,
    )
    before = start / CARD if start else None
    started = before.read_text("utf-8", errors="replace") if before and before.is_file() else ""
    card = encoder_card(description, config, corpora, figures, started, notes)
    write_atomically(output / CARD, card.encode())
    write_description(description, output)
    return Trained(description, tuple(figures))
