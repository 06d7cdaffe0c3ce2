"""The secret half of the key that signs credentials: one file, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from concours.credentials import SigningKey, signing_key

NAME = "credential_key"


def path() -> Path:
    folder: Path = settings.CONFIG.data_dir
    return folder / NAME


def new_key() -> SigningKey:
    return SigningKey(secrets.token_bytes(32))


def read_or_make() -> SigningKey:
    """The key of the file, which is made on first use. Raises credentials.BadDocument for a file
    that holds no key."""
    try:
        return signing_key(path().read_text(encoding="ascii").strip())
    except FileNotFoundError:
        pass
    # Whole under another name first: nobody reads half a key, and of two who make one the first
    # counts.
    partial = _written(new_key())
    try:
        path().hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
    return signing_key(path().read_text(encoding="ascii").strip())


def replace(key: SigningKey) -> None:
    """Put another key in its place. The secret before it is gone: nothing needs it any more."""
    _written(key).replace(path())


def _written(key: SigningKey) -> Path:
    path().parent.mkdir(parents=True, exist_ok=True)
    partial = path().with_name(f".{NAME}.{secrets.token_hex(8)}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.multikey)
        file.flush()
        os.fsync(file.fileno())
    return partial
