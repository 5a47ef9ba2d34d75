"""What annotators are called in public."""

import hmac
from pathlib import Path

from builder.errors import UsageError

DIGITS = 12  # hexadecimal: two of a thousand annotators share them once in 500 million datasets
LEAST_BYTES = 16  # of a secret; a shorter one can be found by trying


def read_secret(path: Path) -> bytes:
    """The secret that pseudonyms are made with: what stands in a file, without blanks around it.

    Raises:
        UsageError: it cannot be read, or is too short to be one.
    """
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(secret) < LEAST_BYTES:
        raise UsageError(f"{path}: a secret has at least {LEAST_BYTES} characters, drawn at random")
    return secret


def pseudonym(annotator: str, secret: bytes | None) -> str | None:
    """A keyed hash of an annotator's name, which nobody can undo without the secret; None without one."""
    if secret is None:
        return None
    return "a" + hmac.digest(secret, annotator.encode(), "sha256").hex()[:DIGITS]
