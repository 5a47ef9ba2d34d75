"""The configuration of a dataset: one TOML file, one frozen model per stage.

Unknown keys, wrong types and impossible combinations are refused with file, key and reason.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from builder.errors import ConfigError

Share = Annotated[float, Field(ge=0, le=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
AUTO_TARGET = "auto-"  # what the ids of targets begin with that nobody configured
Day = Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$")]  # or none


def _is_not_blank(given: str) -> str:
    if not given.strip():
        raise ValueError(f"must not be blank (got {given!r})")
    return given


Words = Annotated[str, AfterValidator(_is_not_blank)]


class Section(BaseModel):
    """A table of the configuration; it refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Section = TypeVar("_Section", bound=Section)


class FieldNames(Section):
    """Which field of a JSONL, Parquet or Hugging Face row holds what."""

    id: str = "id"
    text: str = "text"
    url: str = "url"
    title: str = "title"
    published: str = "published"
    site: str = "site"
    author: str = "author"
    agency: str = "agency"
    language: str = "language"


class InputConfig(Section):
    """One place to read articles from.

    `path` is a file, a folder, a glob, or hf://user/name; a relative one starts at the
    configuration file. `content` says what the text is: "dump" is a page with everything around
    the article, "article" is the article and nothing else; "auto" takes the file's name and
    content for it (rows of JSONL, Parquet and Hugging Face datasets are articles).
    """

    path: str
    content: Literal["auto", "dump", "html", "article"] = "auto"
    fields: FieldNames = FieldNames()
    split: str = "train"
    revision: str | None = None


class RunConfig(Section):
    """How the stages are run; nothing here changes a byte of the result.

    `workers` is the number of processes, 0 for one per core; `memory_mb` bounds the global steps.
    """

    workers: Annotated[int, Field(ge=0)] = 0
    memory_mb: Annotated[int, Field(ge=128)] = 1024


class IngestConfig(Section):
    """Limits and filters of reading.

    A document larger than `document_mb` is rejected; `languages` (ISO 639-1) empty keeps all;
    a shard holds at most `shard_documents` documents or `shard_mb` of raw bytes.
    """

    document_mb: Annotated[int, Field(ge=1)] = 20
    languages: tuple[str, ...] = ()
    shard_documents: Annotated[int, Field(ge=1)] = 500
    shard_mb: Annotated[int, Field(ge=1)] = 32


class ClusterConfig(Section):
    """When two documents are near-duplicates: the Jaccard similarity of their word 5-grams, or the
    share of the shorter one's 5-grams that the longer one contains, is at least this.
    """

    similarity: Share = 0.7
    containment: Share = 0.9


class QuoteConfig(Section):
    """Which quotations to look for, and with what.

    `extractor` is `accurate` (a trained model) or `fast` (rules, no model); `model` is a folder written
    by `quotestance train attribution`, empty for the one that ships.
    """

    extractor: Literal["accurate", "fast"] = "accurate"
    model: Path | None = None
    kinds: tuple[Literal["direct", "mixed", "indirect"], ...] = ("direct", "mixed", "indirect")


class SpeakerConfig(Section):
    """Resolution of speakers: below `threshold` the name is left empty.

    `model` is a folder written by `quotestance train speakers`, empty for the one that ships;
    `authority` is a table (CSV or Parquet) of the people and bodies that speakers are linked to.
    """

    threshold: Share = 0.42
    model: Path | None = None
    authority: Path | None = None


class Target(Section):
    """Something that quotations take a stance toward.

    `match` says where one of the names must stand: in the quotation, or in its context too.
    """

    id: Identifier
    name: Words
    description: str = ""
    aliases: tuple[Words, ...] = ()
    match: Literal["quotation", "context"] = "quotation"


class StanceConfig(Section):
    """The stance classifier.

    `labels` is the label scheme; `model` is a folder written by `quotestance train stance`, empty for the
    one that ships; the label is left empty where its probability is below `abstain_below`.
    `auto_targets` are the kinds of entities that become targets where a quotation names them: at most
    `most_auto_targets` of a quotation, and the speaker only with `auto_target_speaker`.
    """

    labels: Annotated[tuple[str, ...], Field(min_length=2)] = ("favor", "against", "neutral")
    model: Path | None = None
    abstain_below: Share = 0.0
    auto_targets: tuple[Literal["person", "organisation", "government"], ...] = ()
    most_auto_targets: Annotated[int, Field(ge=1)] = 3
    auto_target_speaker: bool = False

    @model_validator(mode="after")
    def _labels_differ(self) -> "StanceConfig":
        if len(set(self.labels)) < len(self.labels):
            raise ValueError(f"labels: each must be named once (got {', '.join(self.labels)})")
        return self


class RoutesConfig(Section):
    """When a value is accepted without a person.

    Of the values accepted at most `error` are wrong, with this `certainty`; a target with at least
    `target_labels` labels has a threshold of its own. `calibrate_on` says which of people's decisions
    tell how often a confidence is right: those on the random sample, or "all", which is right only where
    people decided on quotations that were chosen without regard to the model.
    """

    error: Annotated[float, Field(gt=0, lt=1)] = 0.1
    certainty: Annotated[float, Field(gt=0, lt=1)] = 0.95
    target_labels: Annotated[int, Field(ge=1)] = 300
    calibrate_on: Literal["sample", "all"] = "sample"


class ReviewConfig(Section):
    """The review: decisions that people made, and what is handed out to them.

    `decisions` and `gold` are JSONL files and `scheme` is a TOML file, all relative to the
    configuration file. A share of `random_share` of all quotations always goes to people, however sure the
    model is; of what was accepted without a person `audit_share` is looked at all the same;
    `articles` whole articles are searched for what was missed. `overlap` people answer each item,
    who hold it for `lease_minutes`; `hidden_share` of the answers are given without seeing the
    model's. Items whose right answer `gold` knows are given to everybody.
    """

    decisions: tuple[Path, ...] = ()
    scheme: Path | None = None
    gold: tuple[Path, ...] = ()
    overlap: Annotated[int, Field(ge=1, le=50)] = 1
    random_share: Share = 0.1
    audit_share: Share = 0.05
    articles: Annotated[int, Field(ge=0)] = 20
    hidden_share: Share = 0.2
    lease_minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0


class SplitConfig(Section):
    """What is never divided between two splits, and which share of it goes where; `seed` draws.

    `by` is "cluster" (near-duplicate articles), "speaker", or "time": then what was published from
    `validation_from` on is for validation and from `test_from` on for test, whatever the shares.
    """

    by: Literal["cluster", "speaker", "time"] = "cluster"
    validation: Share = 0.1
    test: Share = 0.2
    seed: int = 0
    validation_from: Day = ""
    test_from: Day = ""

    @model_validator(mode="after")
    def _leave_some_for_train(self) -> "SplitConfig":
        if self.validation + self.test >= 1:
            raise ValueError("validation and test together leave nothing for train")
        return self

    @model_validator(mode="after")
    def _dates_go_with_time(self) -> "SplitConfig":
        dates = [day for day in (self.validation_from, self.test_from) if day]
        if (self.by == "time") != bool(dates):
            raise ValueError('by = "time" needs validation_from or test_from, and nothing else does')
        if dates != sorted(dates):
            raise ValueError("validation_from must not be later than test_from")
        return self


class ReleaseConfig(Section):
    """What is published.

    `context` is how many characters of the article are published on either side of a quotation, at
    most; `publish_names` "authority" withholds the names that are not in the authority table.
    `removals` lists what must not be published; `secret` is a file whose content makes annotators'
    pseudonyms, without which their answers are published under none.
    """

    context: Annotated[int, Field(ge=0, le=5000)] = 500
    bodies: bool = False
    publish_names: Literal["all", "authority"] = "all"
    removals: Path | None = None
    secret: Path | None = None
    splits: SplitConfig = SplitConfig()


def _is_licence(given: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", given):
        raise ValueError(f"a licence identifier such as cc-by-4.0, in small letters (got {given!r})")
    return given


class DatasetConfig(Section):
    """What the dataset is called and under which terms it is released.

    `license` is an identifier of the Hub's; `other` is released only with the name of the licence and
    its address. `citation` is BibTeX; without it, one is made of title, authors and version.
    """

    name: Identifier
    title: str = ""
    description: str = ""
    license: Annotated[str, AfterValidator(_is_licence)]
    license_name: str = ""
    license_link: str = ""
    authors: tuple[str, ...] = ()
    citation: str = ""
    language: tuple[str, ...] = ("en",)
    homepage: str = ""
    contact: str = ""


class Config(Section):
    """Everything that makes one dataset."""

    dataset: DatasetConfig
    inputs: Annotated[tuple[InputConfig, ...], Field(min_length=1)]
    run: RunConfig = RunConfig()
    ingest: IngestConfig = IngestConfig()
    clusters: ClusterConfig = ClusterConfig()
    quotes: QuoteConfig = QuoteConfig()
    speakers: SpeakerConfig = SpeakerConfig()
    stance: StanceConfig = StanceConfig()
    targets: tuple[Target, ...] = ()
    routes: RoutesConfig = RoutesConfig()
    review: ReviewConfig = ReviewConfig()
    release: ReleaseConfig = ReleaseConfig()

    @model_validator(mode="after")
    def _target_ids_differ(self) -> "Config":
        ids = [target.id for target in self.targets]
        automatic = [one for one in ids if one.startswith(AUTO_TARGET)]
        if automatic:
            raise ValueError(f"targets: id {automatic[0]!r} begins as those of automatic targets do")
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"targets: id {twice[0]!r} is given to more than one target")
        return self


def load_config(path: Path) -> Config:
    """Reads a configuration file.

    Raises:
        ConfigError: it cannot be read, is not TOML, or a key of it is unknown, missing or wrong.
    """
    return read_toml(path, Config)


def read_toml(path: Path, kind: type[_Section]) -> _Section:
    """Reads a TOML file that is a section of this kind.

    Raises:
        ConfigError: as for `load_config`.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(path, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(path, "", f"is not UTF-8: byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, "", f"is not valid TOML: {error}") from error
    return _parse(values, path, kind)


def parse_config(values: dict[str, Any], path: Path) -> Config:
    """The configuration that `values` (the parsed TOML) hold; `path` is named in errors."""
    return _parse(values, path, Config)


def _parse(values: dict[str, Any], path: Path, kind: type[_Section]) -> _Section:
    try:
        # By way of JSON: strict types, yet arrays may be tuples and strings may be paths.
        return kind.model_validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        # A misspelt key is reported before the key that it leaves missing.
        problem = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        key = ".".join(str(part) for part in problem["loc"])
        reason = _reason(problem["type"], problem["msg"], problem["input"])
        if problem["type"] == "extra_forbidden":
            reason += _suggestion(kind, problem["loc"])
        raise ConfigError(path, key, reason) from error


def _suggestion(kind: type[BaseModel], place: Sequence[str | int]) -> str:
    """The known key that an unknown one is most like, as a question; nothing if there is none."""
    section: type[BaseModel] | None = kind
    for part in place[:-1]:
        if isinstance(part, str):
            known = section.model_fields.get(part) if section else None
            section = _section_in(known.annotation) if known else None
    alike = difflib.get_close_matches(str(place[-1]), list(section.model_fields), n=1) if section else []
    return f"; did you mean {alike[0]}?" if alike else ""


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, by itself or several of it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_section_in, get_args(annotation))), None)


def _reason(kind: str, message: str, value: object) -> str:
    if kind == "extra_forbidden":
        return "unknown key"
    if kind in {"missing", "value_error"}:
        return message.removeprefix("Value error, ")
    return f"{message} (got {value!r})"
