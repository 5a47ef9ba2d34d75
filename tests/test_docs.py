"""The user guide and the command line name the same commands and options."""

import re
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from builder.cli import app
from builder.pipeline import FOLDERS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")


def leaves(command: object, words: tuple[str, ...] = ()) -> dict[str, TyperCommand]:
    if isinstance(command, TyperCommand):
        return {" ".join(words): command}
    assert isinstance(command, TyperGroup)
    return {
        name: leaf
        for word, inner in command.commands.items()
        for name, leaf in leaves(inner, (*words, word)).items()
    }


COMMANDS = leaves(typer.main.get_command(app))


def test_every_command_is_in_the_guide_and_no_other() -> None:
    table = GUIDE.split("| command | does |")[1].split("\n\n")[0]
    documented = set(re.findall(r"^\| `((?:[a-z]+ ?)+?)(?: [A-Z][^`]*)?` \|", table, re.MULTILINE))
    assert documented == set(COMMANDS)


def test_every_option_is_in_the_guide_with_the_commands_that_have_it() -> None:
    table = GUIDE.split("| option | of | means |")[1].split("\n\n")[0]
    documented: dict[str, set[str]] = {}
    option = ""
    for line in table.strip().splitlines()[1:]:
        name, commands, _ = (cell.strip() for cell in line.strip("|").split("|", 2))
        option = name.split(",")[0].strip("`") or option
        documented.setdefault(option, set()).update(commands.replace("`", "").split(", "))
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter, TyperOption):
                assert name in documented.get(parameter.opts[0], set()), f"{name} {parameter.opts[0]}"
    for option, names in documented.items():
        for name in names - {"all"}:
            options = [one for parameter in COMMANDS[name].params for one in parameter.opts]
            assert option in options, f"{name} has no {option}"


def test_every_folder_of_a_workspace_is_in_the_guide() -> None:
    for folder in (*FOLDERS, "rejects", "releases"):
        assert f"`{folder}/`" in GUIDE


def test_links_within_the_repository_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
