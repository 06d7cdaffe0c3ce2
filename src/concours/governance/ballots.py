"""Voters, ballots, and the digests by which a ballot is held to what was cast."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

YES, ABSTAIN, NO = 1, 0, -1
CHOICES = (YES, ABSTAIN, NO)
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Voter:
    """One of the electorate. `recused` holds why they stand aside ("affiliation", "donor",
    "declared"); `suspended` and `lost_role` are as of the vote."""

    name: str
    role: str = ""
    recused: tuple[str, ...] = ()
    suspended: bool = False
    lost_role: bool = False


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """The ballot of one voter that stands: +1, 0 or -1. `late` when it came outside the window."""

    voter: str
    choice: int
    reasoned: bool = False
    late: bool = False


def commitment(*, vote: str, name: str, choice: int, reasoned: bool, salt: str) -> str:
    """SHA-256, in hex, that holds a ballot to what was cast.

    `name` is the voter's in an open vote and the ballot's tracker in a secret one; a secret `salt`
    of 128 bits or more keeps the choice from being found by trying all three.
    """
    facts = {"choice": choice, "name": name, "reasoned": reasoned, "salt": salt, "vote": vote}
    return hashlib.sha256(_ENCODER.encode(facts).encode()).hexdigest()


def together(digests: Iterable[str]) -> str:
    """One digest of many, in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
