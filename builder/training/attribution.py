"""Training the attribution model: one command, a configuration and a seed."""

import hashlib
import itertools
import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import set_seed

from builder.engine.workspace import make_folder, write_atomically
from builder.errors import ConfigError, ReleaseError, UsageError
from builder.ids import sha256
from builder.lines import writing_lines
from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import (
    DESCRIPTION,
    LINKER,
    READER,
    SHIPPED,
    Description,
    GraphSettings,
    Settings,
    is_model,
    load_network,
    read_description,
    read_graph_settings,
)
from builder.quotes.quoted import Confidences
from builder.release.examples import TRAIN, VALIDATION, Source, find_source, passages
from builder.tokenization import FILE as TOKENIZER
from builder.tokenization import Tokenizer
from builder.training.attribution_calibration import Figures, calibrated
from builder.training.attribution_card import CARD, Learnt, attribution_card, learnt_from, read_learnt
from builder.training.attribution_data import Collator, Example, examples, packings, read_articles, read_texts
from builder.training.attribution_export import export_attribution
from builder.training.attribution_network import AttributionNetwork, Sizes
from builder.training.attribution_teacher import LEAST_ANCHOR, FinishedNetwork, answers, taught
from builder.training.averaging import Weights, copied
from builder.training.batches import Batches, batches_of
from builder.training.checkpoints import kept, weights_hash
from builder.training.config import AttributionTeacher, AttributionTraining, load_training
from builder.training.encoders import load_encoder, save_tokenizer, tokenizer_of, use_all_cores
from builder.training.loop import Schedule, learn
from builder.training.quantization import is_in_eight_bits

# Candidates of less than this score, a logarithm of odds, are never right often enough to be kept.
THRESHOLD = -3.0
BATCH_TOKENS = 4096
DRAWN = 300  # windows that say how a reader in eight bits rounds: with more, its answers stay the same
ENCODER = "sentence-transformers/all-MiniLM-L6-v2"  # from a hub, if no other is named


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was written, and how it did on the held-out articles."""

    name: str
    figures: Figures


def train(
    config_file: Path, output: Path, checkpoints: Path | None = None, weights: Path | None = None
) -> Trained:
    """Trains a model and writes its folder: two graphs, tokenizer, description and card.

    Paths in the configuration start at its folder. What a teacher has learnt is kept in `checkpoints`, if
    that is given, and looked up there. With the folder of a trained model as `weights`, or "default" for the
    one that ships, nothing is trained: its graphs are taken, and only bars and confidences are chosen, on the
    held-out articles.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: a line of the articles is wrong, there is no such encoder, or `output` cannot be written.
        ModelError: `weights` is no model's folder, or is damaged.
    """
    config = load_training(config_file)
    for name in ("held_out",) if weights else ("articles", "held_out"):
        if getattr(config, name) is None:
            raise ConfigError(config_file, name, "is missing; name a file, or train --from a release")
    base = config_file.parent
    held_out = base / str(config.held_out)
    if weights:
        return _choose(weights, held_out, output)
    return _train(config, base / str(config.articles), held_out, output, base, checkpoints)


def train_from(
    reference: str,
    revision: str | None,
    config_file: Path | None,
    output: Path,
    checkpoints: Path | None = None,
    weights: Path | None = None,
) -> Trained:
    """Trains a model on the passages of a release, with its validation split held out; else as `train`.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: the reference is none, there is no such encoder, or `output` cannot be written.
        ReleaseError: there is no such release, it was changed, or people settled too little of it.
        ModelError: `weights` is no model's folder, or is damaged.
    """
    config = load_training(config_file) if config_file else AttributionTraining(encoder=ENCODER)
    source = find_source(reference, revision)
    with tempfile.TemporaryDirectory() as folder:
        held_out = _write_passages(source, VALIDATION, Path(folder))
        if weights:
            return _choose(weights, held_out, output, source.told)
        articles = _write_passages(source, TRAIN, Path(folder))
        base = config_file.parent if config_file else Path()
        return _train(config, articles, held_out, output, base, checkpoints, source.told)


def _write_passages(source: Source, split: str, folder: Path) -> Path:
    path, count = folder / f"{split}.jsonl", 0
    with writing_lines(path) as write:
        for passage in passages(source.folder, split):
            write(passage)
            count += 1
    if not count:
        raise ReleaseError(
            f"{source.told}: people settled no passage of {split}, so there is nothing to learn from it"
        )
    return path


def _train(
    config: AttributionTraining,
    articles: Path,
    held_out: Path,
    output: Path,
    base: Path,
    checkpoints: Path | None,
    source: str | None = None,
) -> Trained:
    read_articles(held_out)  # what is wrong with it is said before hours are spent
    make_folder(output)
    network = train_network(config, articles, base, checkpoints)
    export_attribution(network, output, _drawn(config, articles) if config.arithmetic_bits == 8 else ())
    save_tokenizer(config.encoder_name(), output)
    scores = network.chain.transitions.detach()
    transitions = tuple(tuple(round(float(score), 5) for score in row) for row in scores)
    own = GraphSettings(transitions, config.window_tokens)
    return _described(own, learnt_from(config, articles, source), held_out, output, source)


def _choose(model: Path, held_out: Path, output: Path, source: str | None = None) -> Trained:
    """Takes the graphs of a trained model and chooses bars and confidences; `source` as for the card.

    Raises:
        ModelError: `model` is no model's folder, or is damaged.
    """
    read_articles(held_out)
    folder = SHIPPED if str(model) == "default" else model
    own = read_graph_settings(folder)
    load_network(folder, own.transitions)  # what is damaged is named before anything is written
    Tokenizer(folder)
    learnt = read_learnt(folder)
    make_folder(output)
    for name in (READER, LINKER, TOKENIZER):
        write_atomically(output / name, (folder / name).read_bytes())
    return _described(own, learnt, held_out, output, source)


def _described(
    own: GraphSettings, learnt: Learnt, held_out: Path, output: Path, source: str | None
) -> Trained:
    """Chooses the bars of the graphs in a folder on the held-out articles, and describes the model."""
    undecided = Confidences(*(0.5,) * len(fields(Confidences)))
    draft = Description(
        "",
        Settings(THRESHOLD, 0.5, 0.5, undecided, own.window_tokens, BATCH_TOKENS),
        Calibration(0.0, (0.0,) * len(FEATURES)),
        own.transitions,
    )
    network, tokenizer = load_network(output, own.transitions), Tokenizer(output)
    chosen, figures = calibrated(draft, network, tokenizer, read_articles(held_out))
    made_of = [(output / READER).read_bytes(), (output / LINKER).read_bytes(), chosen.to_bytes()]
    name = f"attribution-{sha256(''.join(map(sha256, made_of)).encode())[:12]}"
    described = replace(chosen, name=name)
    write_atomically(output / DESCRIPTION, described.to_bytes())
    card = attribution_card(described, learnt, figures, held_out, is_in_eight_bits(output / READER), source)
    write_atomically(output / CARD, card.encode())
    return Trained(described.name, figures)


def train_network(
    config: AttributionTraining, articles: Path, base: Path, checkpoints: Path | None = None
) -> AttributionNetwork:
    """Trains a network on annotated articles; the same configuration on the same machine gives the same.

    A teacher's texts have paths that start at `base`. What it has learnt and answered is kept in
    `checkpoints`, if that is given, and looked up there.
    """
    use_all_cores()
    cuts = _cuts(config, articles, tokenizer_of(config.encoder_name()))[: math.ceil(config.epochs)]
    network = _network(config)  # what is wrong with it is said before a teacher's hours are spent
    if config.teacher:
        cuts = _taught(config, config.teacher, cuts, articles, base, checkpoints)
        set_seed(config.seed)  # as without it
    network.load_state_dict(_kept(checkpoints, "weights", network, config, cuts))
    return network.cpu().eval()


def _cuts(config: AttributionTraining, articles: Path, tokenizer: Tokenizer) -> list[list[Example]]:
    """The windows of the articles, cut in several ways."""
    read = read_articles(articles)
    cuts = list(packings(read, tokenizer, config.window_tokens, config.packings, config.seed))
    if not any(cuts):
        raise UsageError(f"{articles}: has no words")
    return cuts


def _drawn(config: AttributionTraining, articles: Path) -> list[Example]:
    """Some windows of the articles."""
    some = list(itertools.chain.from_iterable(_cuts(config, articles, tokenizer_of(config.encoder_name()))))
    drawn = np.random.default_rng(config.seed).permutation(len(some))[:DRAWN]
    return [some[number] for number in drawn]


def _network(config: AttributionTraining) -> AttributionNetwork:
    """A network whose heads have learnt nothing."""
    set_seed(config.seed)
    network = AttributionNetwork(
        load_encoder(config.encoder_name(), config.encoder_layers),
        Sizes(config.width, config.kernel, config.layers, config.dropout),
    )
    most = getattr(network.reader.encoder.config, "max_position_embeddings", None) or config.window_tokens
    if config.window_tokens > most:
        raise UsageError(f"window_tokens: the encoder reads at most {most} (got {config.window_tokens})")
    return network


def _learnt(
    network: AttributionNetwork, config: AttributionTraining, cuts: Sequence[Sequence[Example]]
) -> Weights:
    batches = _batches(cuts, config)
    schedule = Schedule(
        steps=len(batches),
        items=1,  # an item is a batch
        seed=config.seed,
        encoder_rate=config.encoder_rate,
        head_rate=config.head_rate,
        layer_decay=config.layer_decay,
        warmup_share=config.warmup_share,
        average_decay=config.average_decay,
        bf16=config.bf16,
    )
    mask = tokenizer_of(config.encoder_name()).mask
    collator = Collator(mask, config.hidden_share, config.seed)
    learn(network, network.reader.encoder, Batches(batches), collator, schedule)
    return copied(network.state_dict())


def _batches(cuts: Sequence[Sequence[Example]], config: AttributionTraining) -> list[list[Example]]:
    """The windows of all passes as batches; each pass goes through the next cut of the articles."""
    random = np.random.default_rng(config.seed)
    batches: list[list[Example]] = []
    left = config.epochs
    for cut in itertools.cycle(cuts):
        lengths = [len(one.window.tokens) for one in cut]
        some = batches_of(cut, lengths, config.batch_tokens, random)
        batches += some[: math.ceil(round(left * len(some), 6))]
        left -= 1
        if left <= 0:
            break
    return batches


def _taught(
    config: AttributionTraining,
    teacher: AttributionTeacher,
    cuts: Sequence[Sequence[Example]],
    articles: Path,
    base: Path,
    checkpoints: Path | None,
) -> list[list[Example]]:
    """The windows with what a teacher answers to them, when it has learnt from them itself.

    Raises:
        UsageError: it cuts them otherwise, or a line of the texts is wrong.
    """
    texts = read_texts(base / path for path in teacher.texts)
    own = config.model_copy(
        update={
            **teacher.model_dump(exclude={"share", "texts", "licence"}),
            "encoder_layers": None,
            "teacher": None,
        }
    )
    finished = Path(own.encoder_name())
    known = is_model(finished)
    tokenizer = Tokenizer(finished) if known else tokenizer_of(own.encoder_name())
    own_cuts = _cuts(own, articles, tokenizer)
    learnt, asked = [*cuts], own_cuts[: len(cuts)]
    if texts:
        learnt.append(_windows(texts, tokenizer_of(config.encoder_name()), config.window_tokens))
        asked.append(_windows(texts, tokenizer, own.window_tokens))
    if not all(_alike(some, others) for some, others in zip(learnt, asked, strict=True)):
        raise UsageError(f"teacher: {teacher.encoder} cuts the articles into other windows")
    network = _finished(finished) if known else _teacher(own, own_cuts, checkpoints)
    who = f"{weights_hash(network)} {read_description(finished).name if known else ''} {LEAST_ANCHOR}"
    answered = [
        kept(
            checkpoints,
            f"answers-{number}",
            sha256(f"{who} {_fingerprint(some)}".encode()),
            partial(answers, network, some, own.batch_tokens, own.bf16),
        )
        for number, some in enumerate(asked, 1)
    ]
    given = [taught(some, told, teacher.share) for some, told in zip(learnt, answered, strict=True)]
    pool = list(itertools.chain.from_iterable(given[len(cuts) :]))
    return [[*cut, *pool] for cut in given[: len(cuts)]]


def _teacher(
    config: AttributionTraining, cuts: Sequence[Sequence[Example]], checkpoints: Path | None
) -> AttributionNetwork:
    """A teacher that has learnt the articles."""
    network = _network(config)
    network.load_state_dict(_kept(checkpoints, "teacher", network, config, cuts))
    return network


def _kept(
    checkpoints: Path | None,
    name: str,
    network: AttributionNetwork,
    config: AttributionTraining,
    cuts: Sequence[Sequence[Example]],
) -> Weights:
    """What a network learns from the windows; kept in `checkpoints`, if that is given."""
    settings = config.model_dump_json(exclude={"articles", "held_out", "arithmetic_bits"})
    data = [_fingerprint(cut) for cut in cuts]
    key = sha256(f"{weights_hash(network)} {settings} {data}".encode())
    return kept(checkpoints, name, key, partial(_learnt, network, config, cuts))


def _finished(folder: Path) -> FinishedNetwork:
    """A model that is finished, as a teacher.

    Raises:
        ModelError: the folder has none.
    """
    return FinishedNetwork(load_network(folder, read_graph_settings(folder).transitions))


def _windows(texts: Sequence[str], tokenizer: Tokenizer, limit: int) -> list[Example]:
    """The windows of texts that nobody annotated, cut in one way."""
    return [one for text in texts for one in examples({"text": text}, tokenizer, limit)]


def _alike(some: Sequence[Example], others: Sequence[Example]) -> bool:
    """Whether windows have the same words."""
    return [one.window.starts.tolist() for one in some] == [one.window.starts.tolist() for one in others]


def _fingerprint(some: Sequence[Example]) -> str:
    """A hash of windows and of what they teach."""
    whole = hashlib.sha256()
    for one in some:
        window = (getattr(one.window, field.name) for field in fields(one.window))
        numbers = (*window, one.tags, np.array(one.anchors), *one.states)
        whole.update(_bytes(number.astype(np.int64) for number in numbers))
        if one.answer:
            answer = one.answer
            whole.update(_bytes((answer.tags, answer.anchors, *answer.states, *answer.moves)))
    return whole.hexdigest()


def _bytes(arrays: Iterable[NDArray[Any]]) -> bytes:
    return b"".join(f"{one.size} ".encode() + one.tobytes() for one in arrays)
