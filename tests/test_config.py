import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from builder.config import Config, RunConfig, load_config, parse_config
from builder.errors import ConfigError

HEAD = "[dataset]\nname = 'demo'\n"
MINIMAL = HEAD + "license = 'cc0-1.0'\n[[inputs]]\npath = 'articles'\n"
BY_TIME = MINIMAL + "[release.splits]\nby = 'time'\n"
TARGET = "[[targets]]\nid = 'a'\nname = 'A'\n"


def parsed(text: str) -> Config:
    return parse_config(tomllib.loads(text), Path("demo.toml"))


def test_a_minimal_configuration_has_good_defaults() -> None:
    config = parsed(MINIMAL)
    assert config.inputs[0].path == "articles"
    assert config.stance.labels == ("favor", "against", "neutral")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "licence = 'x'", "demo.toml: dataset.licence: unknown key; did you mean license?"),
        (MINIMAL + TARGET + "alias = ['b']", "targets.0.alias: unknown key; did you mean aliases?"),
        (MINIMAL + "[release.splits]\nsed = 1", "release.splits.sed: unknown key; did you mean seed?"),
        (
            HEAD + "license = 'CC BY 4.0'",
            "dataset.license: a licence identifier such as cc-by-4.0, in small letters (got 'CC BY 4.0')",
        ),
        (HEAD, "demo.toml: dataset.license: Field required"),
        (HEAD + "license = 'x'", "demo.toml: inputs: Field required"),
        ("inputs = []\n" + HEAD + "license = 'x'", "demo.toml: inputs: Tuple should have at least 1 item"),
        ("[dataset]\nname = 'De mo'", "demo.toml: dataset.name: String should match"),
        (MINIMAL + "[run]\nworkers = '2'", "run.workers: Input should be a valid integer (got '2')"),
        (MINIMAL + "[run]\nworkers = -1", "run.workers: Input should be greater than or equal to 0 (got -1)"),
        (
            MINIMAL + "[stance]\nlabels = ['a']",
            "demo.toml: stance.labels: Tuple should have at least 2 items",
        ),
        (
            MINIMAL + "[release.splits]\ntest = 0.9",
            "release.splits: validation and test together leave nothing",
        ),
        (BY_TIME, 'by = "time" needs validation_from or test_from'),
        (
            MINIMAL
            + "[release.splits]\nby = 'time'\nvalidation_from = '2026-02-01'\ntest_from = '2026-01-01'",
            "release.splits: validation_from must not be later than test_from",
        ),
        (MINIMAL + "[release.splits]\ntest_from = '2026-01-01'", "and nothing else does"),
        (MINIMAL + "[release.splits]\ntest_from = '1.1.2026'", "String should match"),
        (
            MINIMAL + "[stance]\nlabels = ['a', 'a']",
            "demo.toml: stance: labels: each must be named once (got a, a)",
        ),
        (MINIMAL + TARGET * 2, "demo.toml: targets: id 'a' is given to more than one target"),
        (MINIMAL + "[[targets]]\nid = 'a'\nname = ''", "targets.0.name: must not be blank (got '')"),
        (MINIMAL + "[[targets]]\nid = 'a'\nname = ' '", "targets.0.name: must not be blank (got ' ')"),
        (MINIMAL + TARGET + "aliases = ['b', '\t']", "targets.0.aliases.1: must not be blank (got '\\t')"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_key_and_reason(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parsed(text)
    assert message in str(error.value)


def test_an_unknown_key_that_is_like_no_other_suggests_none() -> None:
    with pytest.raises(ConfigError, match=r"targets\.0\.zzz: unknown key$"):
        parsed(MINIMAL + TARGET + "zzz = 1")


def test_a_file_that_is_missing_no_toml_or_no_utf8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "demo.toml"
    with pytest.raises(ConfigError, match=r"demo\.toml: cannot be read: No such file"):
        load_config(path)
    path.write_text("[dataset]\nname = ]")
    with pytest.raises(ConfigError, match=r"demo\.toml: is not valid TOML: .*line 2"):
        load_config(path)
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(ConfigError, match=r"demo\.toml: is not UTF-8: byte 8"):
        load_config(path)


TEMPLATE = files("builder").joinpath("init.toml").read_text(encoding="utf-8")


def test_the_template_of_init_can_be_used_as_it_is() -> None:
    assert parsed(TEMPLATE).run == RunConfig()


@pytest.mark.parametrize("section", sorted(set(Config.model_fields)))
def test_the_template_of_init_shows_every_key(section: str) -> None:
    shown = tomllib.loads(without_comment_signs(TEMPLATE))[section]
    kind: Any = Config.model_fields[section].annotation
    model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else kind.__args__[0]
    assert set(shown[0] if isinstance(shown, list) else shown) == set(model.model_fields)


@pytest.mark.parametrize("section", ["run", "ingest", "clusters", "quotes", "speakers", "stance", "release"])
def test_the_template_of_init_shows_the_defaults(section: str) -> None:
    shown = getattr(parsed(without_comment_signs(TEMPLATE)), section)
    example = {"authority", "model", "removals", "secret"}  # a file of one's own is only an example
    assert shown.model_dump(exclude=example) == Config.model_fields[section].default.model_dump(
        exclude=example
    )


def without_comment_signs(text: str) -> str:
    """The template with its commented keys switched on: lines that read "# key = value" or "# [table]"."""
    switched = [line.removeprefix("# ") for line in text.splitlines()]
    return "\n".join(line for line in switched if line.startswith("[") or line.split(" = ")[0].isidentifier())
