"""Commitments: the record says that a run came to a result without saying which.

A seal is the SHA-256 of the canonical JSON of the result with a random salt: who is given both can
check it; who has the seal alone cannot try the possible scores.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from concours.platform.record.chain import canonical


def new_salt() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def seal_of(*, salt: str, content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({**content, "salt": salt}).encode()).hexdigest()
