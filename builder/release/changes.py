"""What a release says about the release before it."""

from pathlib import Path

from builder.release.version import folder_name, versions_in

FILE = "CHANGES.md"


def render_changes(output: Path, version: str) -> str:
    """The text of `CHANGES.md` for a version that is about to be written into the folder `output`."""
    earlier = versions_in(output)
    told = (
        f"Follows {folder_name(earlier[-1])}. The rows of the two were not compared."
        if earlier
        else "The first release of this dataset."
    )
    return f"# Changes\n\n## {version}\n\n{told}\n"
