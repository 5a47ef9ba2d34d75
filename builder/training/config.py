"""Configurations of trainings, read from TOML as that of a run is."""

import importlib.resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from builder.config import Section, Share, read_toml
from builder.errors import UsageError


class AttributionTeacher(Section):
    """A larger encoder that learns first, and whose answers then teach beside the annotations.

    It learns from the same articles, with the settings that are named here; the others are the training's.
    `share` of what the windows teach is what it answers to them, the rest what people annotated (knowledge
    distillation, Hinton et al. 2015, https://arxiv.org/abs/1503.02531). `texts` are files of texts that
    nobody annotated, as JSONL with a `text` a line and paths that start at the configuration's folder: it
    alone answers to them, and each pass goes through them, too. `licence` is what the card says of them.
    Its tokens may be others, but it must cut everything into the same windows; it learns from `packings`
    cuts, and answers to those that the training has. Where `encoder` is the folder of an attribution model,
    that learns nothing more: it answers as it is.
    """

    encoder: str
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    texts: tuple[Path, ...] = ()
    licence: str = ""
    epochs: Annotated[float, Field(gt=0)] = 4.0
    packings: Annotated[int, Field(ge=1)] = 4
    encoder_rate: Annotated[float, Field(gt=0)] = 5e-5
    head_rate: Annotated[float, Field(gt=0)] = 1e-3
    average_decay: Share = 0.998
    hidden_share: Share = 0.1


class AttributionTraining(Section):
    """How the attribution model is trained.

    `articles` are annotated ones to learn from, `held_out` others to choose bars and confidences on;
    both are JSONL, with paths that start at the configuration's folder, and come from elsewhere where a
    model is trained from a release.
    `encoder` is a folder or a hub's name of an encoder, or `package:NAME/FOLDER` for one that an
    installed Python package carries; of its layers the lowest `encoder_layers` are taken, or all.
    `epochs` are passes over the articles, which are cut to windows in `packings` ways. `hidden_share` of the
    tokens are hidden from the network, so that it looks at what stands around. A step learns from at most as
    many tokens as `batch_windows` full windows have. Rates are AdamW's; each layer of the encoder learns
    `layer_decay` times as fast as the one above it. `bf16` lets it compute in bfloat16 where the machine has
    instructions for it. A model with 8 `arithmetic_bits` multiplies whole numbers of eight bits where the
    machine that reads with it has instructions for that; what is learnt is the same.
    """

    articles: Path | None = None
    held_out: Path | None = None
    encoder: str
    seed: int = 0
    epochs: Annotated[float, Field(gt=0)] = 12.0
    batch_windows: Annotated[int, Field(ge=1)] = 8
    window_tokens: Annotated[int, Field(ge=32)] = 256
    packings: Annotated[int, Field(ge=1)] = 4
    encoder_rate: Annotated[float, Field(gt=0)] = 1e-4
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.9
    head_rate: Annotated[float, Field(gt=0)] = 1e-3
    warmup_share: Share = 0.06
    average_decay: Share = 0.998
    hidden_share: Share = 0.1
    dropout: Share = 0.1
    width: Annotated[int, Field(ge=8)] = 128
    kernel: Annotated[int, Field(ge=1)] = 5
    layers: Annotated[int, Field(ge=1)] = 3
    bf16: bool = True
    arithmetic_bits: Literal[8, 32] = 32
    encoder_layers: Annotated[int, Field(ge=1)] | None = None
    teacher: AttributionTeacher | None = None

    @property
    def batch_tokens(self) -> int:
        """How many tokens a step learns from, at most."""
        return self.batch_windows * self.window_tokens

    @model_validator(mode="after")
    def _teacher_has_the_cuts(self) -> "AttributionTraining":
        if self.teacher and self.teacher.packings < self.packings:
            raise ValueError(f"teacher.packings: must be at least `packings`, {self.packings}")
        return self

    @model_validator(mode="after")
    def _kernel_is_odd(self) -> "AttributionTraining":
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel: must be odd, the same on either side of a word (got {self.kernel})")
        return self

    def encoder_name(self) -> str:
        """What transformers loads the encoder by: a folder or a hub's name.

        Raises:
            UsageError: a package that should carry it is not installed, or does not.
        """
        return _encoder_name(self.encoder)


class Reading(Section):
    """How the networks of one reading of the sources are trained, in `epochs` passes."""

    width: Annotated[int, Field(ge=8)]
    epochs: Annotated[int, Field(ge=1)]
    dropout: Share
    input_dropout: Share


class SpeakerTraining(Section):
    """How the ranker of speakers is trained.

    `articles` are annotated ones and `speakers` who their sources are (document, attribution, name,
    kind, separated by tabs), with paths that start at the configuration's folder. `members` networks
    are trained for each reading. `hidden` is the share of the sources that copies of the articles hide.
    `kind_strength` is the inverse of the penalty on the weights of the linear model of kinds
    (scikit-learn's C).
    """

    articles: Path
    speakers: Path
    seed: int = 0
    members: Annotated[int, Field(ge=1)] = 3
    hidden: Share = 0.15
    rate: Annotated[float, Field(gt=0)] = 2e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.05
    kind_strength: Annotated[float, Field(gt=0)] = 1.0
    first: Reading = Reading(width=192, epochs=20, dropout=0.5, input_dropout=0.25)
    second: Reading = Reading(width=32, epochs=6, dropout=0.2, input_dropout=0.1)


def load_speaker_training(path: Path) -> SpeakerTraining:
    """Reads a configuration of a ranker of speakers.

    Raises:
        ConfigError: it cannot be read, is not TOML, or a key of it is unknown, missing or wrong.
    """
    return read_toml(path, SpeakerTraining)


def load_training(path: Path) -> AttributionTraining:
    """Reads a configuration.

    Raises:
        ConfigError: it cannot be read, is not TOML, or a key of it is unknown, missing or wrong.
    """
    return read_toml(path, AttributionTraining)


class StanceCorpus(Section):
    """Labelled pairs that a stance model learns from.

    `train` and `held_out` are JSONL as `quotestance train stance` reads them, with paths that start at
    the configuration's folder. `labels` are those of the scheme that the corpus has; the others are
    no wrong answers there, and all are meant if none is named. `held_out` rows choose temperatures
    and give the card's figures. `licence` is what the card says of the data.
    """

    name: str
    train: Path
    held_out: Path | None = None
    labels: tuple[str, ...] = ()
    licence: Annotated[str, Field(min_length=1)]


class StanceStage(Section):
    """One stage of training: how many passes through which corpora, in random order, at which rates.

    Rates are AdamW's; they rise and fall to zero within the stage. A stage goes on from the weights that
    the one before has left; with `beside` it starts where that one has started. What it leaves is a mean of
    the weights that were there and its own, `share` of it its own ("model soup", Wortsman et al. 2022,
    https://arxiv.org/abs/2203.05482). `seed` is added to the training's.
    """

    seed: int = 0
    beside: bool = False
    share: Share = 1.0
    passes: dict[str, Annotated[float, Field(gt=0)]]
    encoder_rate: Annotated[float, Field(gt=0)] = 1e-4
    head_rate: Annotated[float, Field(gt=0)] = 1e-3


class StanceTeacher(Section):
    """A larger encoder that learns first, and whose answers then teach beside the labels.

    It learns from the labels, in `stages` of its own; then the pairs of `corpora` teach `share` of what it
    answers to them, and the rest of what people did (knowledge distillation, Hinton et al. 2015,
    https://arxiv.org/abs/1503.02531). `release` is the folder of a release, with a path that starts
    at the configuration's folder: its pairs without labels are answered by the teacher alone, and are the
    corpus `unlabelled` of the stages; `most_pairs` of them at most, drawn by the training's seed. `licence`
    is what the card says of them.
    """

    encoder: str
    batch_tokens: Annotated[int, Field(ge=96)] = 1024
    stages: Annotated[tuple[StanceStage, ...], Field(min_length=1)]
    corpora: tuple[str, ...] = ()
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    release: Path | None = None
    most_pairs: Annotated[int, Field(ge=1)] | None = None
    licence: str = ""

    @model_validator(mode="after")
    def _teaches_something(self) -> "StanceTeacher":
        if not self.corpora and self.release is None:
            raise ValueError("teaches nothing; give it `corpora`, or a `release`")
        return self


class StanceTraining(Section):
    """How an encoder is trained to tell stances.

    `encoder` is as in `AttributionTraining`. A sequence has at most `tokens` tokens in training and
    `read_tokens` when the model is used; a batch has about `batch_tokens`. `hidden_share` of the tokens are
    hidden. Each layer of the encoder learns `layer_decay` times as fast as the one above it. `terms`
    is what the licences of the corpora ask of whoever uses the model. Where the encoder
    is a stance model, by the name that it ships under or its folder, training starts from all of its weights.
    `bf16` lets it compute in bfloat16 where the machine has instructions for it. With 4 `table_bits` the
    encoder's table of words is rounded to four bits a number before anything is learnt, and stays as it is:
    the file is smaller by half of the table. A `teacher` is trained with the same settings, except for its
    own `batch_tokens` and its table. `arithmetic_bits` are as in `AttributionTraining`.
    """

    encoder: str
    labels: tuple[str, ...] = ("favor", "against", "neutral")
    seed: int = 0
    corpora: tuple[StanceCorpus, ...]
    stages: Annotated[tuple[StanceStage, ...], Field(min_length=1)]
    tokens: Annotated[int, Field(ge=96)] = 128
    read_tokens: Annotated[int, Field(ge=96)] = 192
    batch_tokens: Annotated[int, Field(ge=96)] = 2048
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.9
    warmup_share: Share = 0.06
    average_decay: Share = 0.99
    hidden_share: Share = 0.1
    dropout: Share = 0.2
    bf16: bool = False
    table_bits: Literal[4, 8] = 8
    arithmetic_bits: Literal[8, 32] = 32
    terms: str = ""
    teacher: StanceTeacher | None = None

    def encoder_name(self) -> str:
        """As `AttributionTraining.encoder_name`."""
        return _encoder_name(self.encoder)


def load_stance_training(path: Path) -> StanceTraining:
    """Reads a configuration of an encoder that tells stances.

    Raises:
        ConfigError: it cannot be read, is not TOML, or a key of it is unknown, missing or wrong.
    """
    return read_toml(path, StanceTraining)


def _encoder_name(encoder: str) -> str:
    if not encoder.startswith("package:"):
        return encoder
    package, _, folder = encoder.removeprefix("package:").partition("/")
    try:
        path = importlib.resources.files(package) / folder
    except ModuleNotFoundError as error:
        raise UsageError(f"encoder: the package {package!r} is not installed") from error
    if not path.is_dir():
        raise UsageError(f"encoder: the package {package!r} has no folder {folder!r}")
    return str(path)
