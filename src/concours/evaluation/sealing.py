"""Secrets that sealed cases are made from: kept in a file, committed to before, checked after."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

LEAST, MOST = 16, 4096
"""Bytes of a secret: nobody guesses 16."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class BadSecret(ValueError):
    """A file that cannot serve as a secret; the message never quotes it."""


def new_secret(path: Path) -> bytes:
    """Write 32 random bytes to a new file that its owner alone may read. Raises OSError."""
    secret = secrets.token_bytes(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    return secret


def read_secret(path: Path) -> bytes:
    """The secret in a file, as its bytes stand.

    Raises BadSecret for one that others may read, that is no plain file, or is too short or too
    long; OSError.
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise BadSecret(f"{path.name} is no plain file")
        if mode & OTHERS:
            raise BadSecret(f"others may read {path.name}: chmod 600 {path.name}")
        secret = file.read(MOST + 1)
    if not LEAST <= len(secret) <= MOST:
        raise BadSecret(f"{path.name} holds {len(secret)} bytes: {LEAST} to {MOST} are a secret")
    return secret


def commitment(secret: bytes) -> str:
    """SHA-256 that can be published before the cases are made; it tells nothing of them."""
    return hashlib.sha256(b"concours.evaluation.secret/1\0" + secret).hexdigest()


def derived(secret: bytes, *purpose: str) -> bytes:
    """32 bytes for a purpose, from which neither the secret nor those of others follow (HMAC)."""
    words = "\0".join(("concours.evaluation.derived/1", *purpose))
    return hmac.digest(secret, words.encode(), "sha256")
