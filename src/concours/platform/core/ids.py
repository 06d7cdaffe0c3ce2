"""Public identifiers: random, so that they tell nothing and cannot be counted through."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_code(length: int = 12) -> str:
    """A random code of `length` characters, without those that read alike (59 bits at 12)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
