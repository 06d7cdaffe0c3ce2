"""Public keys that tags may be signed with: given by the caller, or published in the repository."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from concours.criteria.errors import BadKeys

MAX_FILES = 50
MAX_BYTES = 2**20
_PGP = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_SIGNERS = re.compile(r"\.?(?:allowed[_-]?signers|gitsigners)", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:(?:\.github|\.gitlab|\.gitee|docs?|keys)/)?"
    r"(?:KEYS(?:\.[a-z]+)?|[^/]+\.asc|\.?(?:allowed[_-]?signers|gitsigners))",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """`pgp` are files of armoured keys, `signers` the lines of `allowed_signers` files of SSH.

    `origin` is "given", "repository" or, where there are none, empty.
    """

    origin: str = ""
    pgp: tuple[bytes, ...] = ()
    signers: tuple[bytes, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the keys in whatever order, in hex; empty where there are none."""
        parts = sorted(hashlib.sha256(one).digest() for one in (*self.pgp, *self.signers))
        return hashlib.sha256(b"".join(parts)).hexdigest() if parts else ""


def load_keys(path: Path) -> Keys:
    """The keys at `path`: a file, or the files of a folder. Raises BadKeys where there are none.

    Armoured PGP keys are known by what is in them, an `allowed_signers` file by its name, or by
    being named alone.
    """
    try:
        files = dict(_files(path))
    except OSError as error:
        raise BadKeys(f"{path}: {error.strerror}.") from None
    keys = _sorted_out(files, origin="given")
    if path.is_file() and not keys.origin:
        keys = Keys(origin="given", signers=tuple(files.values()))
    if not keys.origin:
        raise BadKeys(
            f"{path}: there is no key here; give armoured PGP keys or a file allowed_signers."
        )
    return keys


def published(files: Mapping[str, bytes]) -> Keys:
    """The keys among files of a repository, by their paths."""
    return _sorted_out(files, origin="repository")


def may_hold_keys(path: str) -> bool:
    """Whether the place and the name are those where projects publish keys."""
    return _PUBLISHED.fullmatch(path) is not None


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    entries: Iterable[Path] = [path]
    if path.is_dir():
        entries = sorted(Path(one.path) for one in os.scandir(path) if one.is_file())
    for number, one in enumerate(entries):
        if number >= MAX_FILES:
            raise BadKeys(f"{path}: at most {MAX_FILES} files of keys are read.")
        with one.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise BadKeys(f"{one}: a file of keys has at most {MAX_BYTES} bytes.")
        yield one.name, content


def _sorted_out(files: Mapping[str, bytes], *, origin: str) -> Keys:
    pgp = tuple(content for _, content in sorted(files.items()) if _PGP in content)
    signers = tuple(
        content
        for name, content in sorted(files.items())
        if _PGP not in content and _SIGNERS.fullmatch(name.rpartition("/")[2]) and content.strip()
    )
    return Keys(origin=origin if pgp or signers else "", pgp=pgp, signers=signers)
