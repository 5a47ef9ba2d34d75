"""`python -m eval COMMAND`: measures the product on corpora that the repository does not hold.

Prints the figures and, with --json FILE, writes them; exits with 1 where a pinned floor is missed.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from builder.errors import QuotestanceError

from . import (
    active_learning,
    agreement,
    attribution,
    authority,
    bound,
    cross_corpus,
    gate,
    growth,
    ingest,
    leaks,
    peers,
    publish,
    queue,
    rebuild,
    release_scale,
    resources,
    spacy_docs,
    speed,
    stance,
    stance_speed,
    stance_votes,
)

# Each has `add_arguments(parser)` and `run(arguments)`, which returns the figures; they are printed as JSON
# unless the module has a `render(figures)` that says them more readably.
COMMANDS: dict[str, ModuleType] = {
    "agreement": agreement,
    "attribution": attribution,
    "authority": authority,
    "peers": peers,
    "spacy-docs": spacy_docs,
    "ingest": ingest,
    "stance": stance,
    "bound": bound,
    "stance-votes": stance_votes,
    "cross-corpus": cross_corpus,
    "active-learning": active_learning,
    "stance-speed": stance_speed,
    "resources": resources,
    "speed": speed,
    "queue": queue,
    "publish": publish,
    "leaks": leaks,
    "growth": growth,
    "rebuild": rebuild,
    "release-scale": release_scale,
    "gate": gate,
}


def main() -> int:
    """Runs one command of the evaluation."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    arguments = parser.parse_args()
    module = COMMANDS[arguments.command]
    try:
        figures = module.run(arguments)
    except QuotestanceError as error:
        parser.exit(error.exit_code, f"eval: {error}\n")
    if arguments.json:
        arguments.json.write_text(as_json(figures), encoding="utf-8")
    sys.stdout.write(getattr(module, "render", as_json)(figures))
    return 1 if figures.get("missed") else 0


def as_json(figures: Mapping[str, object]) -> str:
    """The figures as JSON, with a line break at the end."""
    return json.dumps(figures, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
