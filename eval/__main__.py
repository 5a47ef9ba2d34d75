"""`python -m eval COMMAND`: measures the product on corpora that the repository does not hold.

Prints the figures and, with --json FILE, writes them; exits with 1 where a pinned floor is missed.
"""

import argparse
import json
import sys
from pathlib import Path
from types import ModuleType

from builder.errors import QuotestanceError

from . import attribution, gate, ingest, resources, stance

COMMANDS: dict[str, ModuleType] = {
    "attribution": attribution,
    "ingest": ingest,
    "stance": stance,
    "resources": resources,
    "gate": gate,
}


def main() -> int:
    """Runs one command of the evaluation."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(command)
        command.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    arguments = parser.parse_args()
    try:
        figures = COMMANDS[arguments.command].run(arguments)
    except QuotestanceError as error:
        parser.exit(error.exit_code, f"eval: {error}\n")
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 1 if figures.get("missed") else 0


if __name__ == "__main__":
    sys.exit(main())
