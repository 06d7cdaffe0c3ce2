"""What is known of a clone once it was read. Plain data: no git, no file is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from concours.criteria.forge import Forge


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
    under another name than it has. `trust` is None for a tag without a signature.
    """

    name: str
    annotated: bool
    made_at: int | None
    signature: str
    renamed: bool = False
    trust: Trust | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that stands at a line (from 1) of a file."""

    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file of HEAD. `path` is printable: odd bytes are written as escapes.

    `language` is empty for what is not the project's own source; `binary` is "program" for built
    code and archives of it, "data" for other binary content, empty for text. `header` says that a
    licence notice stands at its beginning; `licences` are the SPDX expressions it names, as
    written. `scanned` is False where the content was too large to be read.
    """

    path: str
    size: int
    language: str = ""
    binary: str = ""
    scanned: bool = False
    header: bool = False
    licences: tuple[str, ...] = ()
    secrets: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file that people read, cut at 256 KiB; odd bytes are replaced."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Repository:
    """All that the checks look at.

    `head` is the commit looked at. `commits` are newest first. `imported` is the number of HEAD's
    files that stood in a commit without parents already, None where there are too many of these.
    `complete_scan` is False where a bound kept text from being read. `at` is the moment that "a
    year ago" counts from. `keys_from` is "given" or "repository", where the keys come from that
    tags were verified with, and `keys_digest` the SHA-256 of them; both are empty without keys.
    `forge` is what its forge knows, where it was given.
    """

    head: str
    branch: str
    at: datetime
    commits: Sequence[Commit]
    tags: Sequence[Tag]
    files: Sequence[ScannedFile]
    documents: Mapping[str, Document]
    links: int
    submodules: int
    imported: int | None
    complete_scan: bool
    keys_from: str = ""
    keys_digest: str = ""
    forge: Forge | None = None

    def commits_since(self, days: int) -> list[Commit]:
        """Commits made in the last `days` days before `at`; later ones count nothing."""
        end = int(self.at.timestamp())
        return [
            one
            for one in self.commits
            if one.committed_at is not None and end - days * 86_400 <= one.committed_at <= end
        ]
