"""What is known of a clone's history once it was read. Plain data: no git is open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one reading. Bytes, seconds and counts."""

    seconds: float = 120.0
    memory_bytes: int = 2 * 2**30
    max_commits: int = 1_000_000
    max_files: int = 200_000
    max_tags: int = 20_000
    max_text_bytes: int = 2**20
    max_scanned_bytes: int = 512 * 2**20


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the history of HEAD. Times are seconds since 1970; None for a broken one."""

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored_at: int | None
    committed_at: int | None
    signed_off: bool


class Trust(StrEnum):
    """What is known of a signature.

    GOOD is by one of the keys. BAD is one that does not fit what was signed, by a revoked key, or
    of a tag of another name. STRANGER is by none of the keys. With no keys of its kind, without
    the program that verifies it, and beyond the bound nothing is known.
    """

    GOOD = "good"
    BAD = "bad"
    STRANGER = "stranger"
    NO_KEYS = "no-keys"
    NO_TOOL = "no-tool"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `signature` is pgp, ssh or x509 as its block says it; empty for none.

    `made_at` is seconds since 1970, None where it is not known. `renamed` says that it was made
    under another name than it has. `trust` is None for a tag without a signature, and where nobody
    verified it.
    """

    name: str
    annotated: bool
    made_at: int | None
    signature: str
    renamed: bool = False
    trust: Trust | None = None
