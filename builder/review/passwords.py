"""Passwords as argon2id hashes, and random tokens as digests: what the database holds opens nothing."""

import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from builder.review.problems import Invalid

SHORTEST, LONGEST = 10, 200  # characters of a password
AT_ONCE = 2  # hashes, each of which takes 64 MB: a crowd at the door must not exhaust the memory

_hasher = PasswordHasher()  # the parameters of RFC 9106 for machines of little memory
_turns = threading.Semaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """The hash of a password.

    Raises:
        Invalid: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST} characters")
    with _turns:
        return _hasher.hash(password)


def is_password(password: str, hashed: str | None) -> bool:
    """Whether a password has this hash; without a hash it takes as long to say no."""
    with _turns:
        try:
            return _hasher.verify(hashed or _of_nobody(), password) and hashed is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _of_nobody() -> str:
    """The hash of a random password, which an unknown name is checked against."""
    return _hasher.hash(secrets.token_hex(16))
