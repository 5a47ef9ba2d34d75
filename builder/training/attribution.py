"""Training the attribution model: one command, a configuration and a seed."""

import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from torch.utils.data import Dataset
from transformers import set_seed

from builder.engine.workspace import make_folder, write_atomically
from builder.errors import ConfigError, ReleaseError, UsageError
from builder.ids import sha256
from builder.lines import writing_lines
from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import DESCRIPTION, READER, Description, Settings, load_network
from builder.quotes.quoted import Confidences
from builder.release.examples import TRAIN, VALIDATION, Source, find_source, passages
from builder.tokenization import Tokenizer
from builder.training.attribution_calibration import Figures, calibrated
from builder.training.attribution_card import attribution_card
from builder.training.attribution_data import Collator, Example, packings, read_articles
from builder.training.attribution_export import export_attribution
from builder.training.attribution_network import AttributionNetwork, Sizes
from builder.training.config import AttributionTraining, load_training
from builder.training.encoders import load_encoder, save_tokenizer, tokenizer_of, use_all_cores
from builder.training.loop import Schedule, learn

# Candidates of less than this score, a logarithm of odds, are never right often enough to be kept.
THRESHOLD = -3.5
BATCH_TOKENS = 4096
ENCODER = "sentence-transformers/all-MiniLM-L6-v2"  # the shipped model's; from a hub, if no other is named


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was written, and how it did on the held-out articles."""

    name: str
    figures: Figures


def train(config_file: Path, output: Path) -> Trained:
    """Trains a model and writes its folder: two graphs, tokenizer, description and card.

    Paths in the configuration start at its folder.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: a line of the articles is wrong, there is no such encoder, or `output` cannot be written.
    """
    config = load_training(config_file)
    for name in ("articles", "held_out"):
        if getattr(config, name) is None:
            raise ConfigError(config_file, name, "is missing; name a file, or train --from a release")
    base = config_file.parent
    return _train(config, base / str(config.articles), base / str(config.held_out), output)


def train_from(reference: str, revision: str | None, config_file: Path | None, output: Path) -> Trained:
    """Trains a model on the passages of a release, with its validation split held out.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: the reference is none, there is no such encoder, or `output` cannot be written.
        ReleaseError: there is no such release, it was changed, or people settled too little of it.
    """
    config = load_training(config_file) if config_file else AttributionTraining(encoder=ENCODER)
    source = find_source(reference, revision)
    with tempfile.TemporaryDirectory() as folder:
        written = [_write_passages(source, split, Path(folder)) for split in (TRAIN, VALIDATION)]
        return _train(config, written[0], written[1], output, source.told)


def _write_passages(source: Source, split: str, folder: Path) -> Path:
    path, count = folder / f"{split}.jsonl", 0
    with writing_lines(path) as write:
        for passage in passages(source.folder, split):
            write(passage)
            count += 1
    if not count:
        raise ReleaseError(
            f"{source.told}: people settled no passage of {split}, so there is nothing to learn"
        )
    return path


def _train(
    config: AttributionTraining, articles: Path, held_out: Path, output: Path, source: str | None = None
) -> Trained:
    read_articles(held_out)  # what is wrong with it is said before hours are spent
    make_folder(output)
    network = train_network(config, articles)
    return write_model(network, config, articles, held_out, output, source)


def write_model(
    network: AttributionNetwork,
    config: AttributionTraining,
    articles: Path,
    held_out: Path,
    output: Path,
    source: str | None = None,
) -> Trained:
    """Exports a trained network, chooses its bars on the held-out articles and describes it.

    `source` names the release that the articles are from, if they are from one.
    """
    export_attribution(network, output)
    save_tokenizer(config.encoder_name(), output)
    transitions = tuple(
        tuple(round(float(score), 5) for score in row) for row in network.chain.transitions.detach()
    )
    undecided = Confidences(*(0.5,) * len(fields(Confidences)))
    draft = Description(
        f"attribution-{sha256((output / READER).read_bytes())[:12]}",
        Settings(THRESHOLD, 0.5, 0.5, undecided, config.window_tokens, BATCH_TOKENS),
        Calibration(0.0, (0.0,) * len(FEATURES)),
        transitions,
    )
    described, figures = calibrated(
        draft, load_network(output, draft), Tokenizer(output), read_articles(held_out)
    )
    write_atomically(output / DESCRIPTION, described.to_bytes())
    card = attribution_card(described, config, figures, articles, held_out, source)
    write_atomically(output / "README.md", card.encode())
    return Trained(described.name, figures)


def train_network(config: AttributionTraining, articles: Path) -> AttributionNetwork:
    """Trains a network on annotated articles; the same configuration on the same machine gives the same."""
    set_seed(config.seed)
    use_all_cores()
    tokenizer = tokenizer_of(config.encoder_name())
    cuts = list(
        packings(read_articles(articles), tokenizer, config.window_tokens, config.packings, config.seed)
    )
    data = _Examples(list(itertools.chain.from_iterable(cuts)))
    if not len(data):
        raise UsageError(f"{articles}: has no words")
    network = AttributionNetwork(
        load_encoder(config.encoder_name()),
        Sizes(config.width, config.kernel, config.layers, config.dropout),
    )
    most = getattr(network.reader.encoder.config, "max_position_embeddings", None) or config.window_tokens
    if config.window_tokens > most:
        raise UsageError(f"window_tokens: the encoder reads at most {most} (got {config.window_tokens})")
    schedule = Schedule(
        steps=max(1, round(len(data) / config.packings * config.epochs / config.batch_windows)),
        items=config.batch_windows,
        seed=config.seed,
        encoder_rate=config.encoder_rate,
        head_rate=config.head_rate,
        layer_decay=config.layer_decay,
        warmup_share=config.warmup_share,
        average_decay=config.average_decay,
        bf16=config.bf16,
    )
    collator = Collator(tokenizer.mask, config.hidden_share, config.seed)
    learn(network, network.reader.encoder, data, collator, schedule)
    return network.cpu().eval()


class _Examples(Dataset[Example]):
    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, number: int) -> Example:
        return self._examples[number]
