"""Where a clone's objects and references are, read as plain files without git."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from concours.clones.errors import CloneRefused, Code
from concours.clones.facts import Limits

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256_LENGTH = 64
_MAX_BYTES = 64 * 2**20
_MAX_REFERENCE = 4096
_MAX_LINKS = 5
_MAX_OBJECT_FILES = 5_000_000


@dataclass(frozen=True, slots=True)
class References:
    """`objects` is the clone's folder of objects; `tags` are full names with their object ids."""

    objects: Path
    head: str
    branch: str
    tags: dict[bytes, str]


def find_references(clone: Path, limits: Limits) -> References:
    """Look at a clone, bare or not. Raises CloneRefused with the mend."""
    folder = _git_folder(clone)
    _refuse_kinds(folder)
    references = _packed(folder)
    references.update(_loose(folder, limits))
    head, branch = _head(folder, references)
    _refuse_links(folder / "objects")
    tags = {name: oid for name, oid in references.items() if name.startswith(b"refs/tags/")}
    if len(tags) > limits.max_tags:
        raise CloneRefused(
            Code.TOO_MANY_TAGS,
            f"The clone has {len(tags)} tags, {limits.max_tags} are looked at; delete tags that "
            "are no releases from the clone.",
        )
    return References(folder / "objects", head, branch, tags)


def _git_folder(clone: Path) -> Path:
    try:
        clone = clone.resolve(strict=True)
    except (OSError, RuntimeError):
        raise CloneRefused(
            Code.NOT_FOUND, "There is no such folder; name the folder of a git clone."
        ) from None
    if not clone.is_dir():
        raise CloneRefused(
            Code.IS_A_FILE, "This is a file; name the folder of the git clone that it is in."
        )
    inner = clone / ".git"
    if inner.is_file():
        raise CloneRefused(
            Code.LINKED_WORKTREE,
            "This is a linked worktree or a submodule; name the main clone, or clone it afresh.",
        )
    folder = inner if inner.is_dir() else clone
    if not ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        raise CloneRefused(
            Code.NO_REPOSITORY, "This folder is no git clone; run `git clone` and name its folder."
        )
    return folder


def _refuse_kinds(folder: Path) -> None:
    """Refuse what would be read wrong: shallow clones, borrowed objects, other formats."""
    if _content(folder / "shallow").strip():
        raise CloneRefused(
            Code.SHALLOW, "The clone is shallow: its history is cut; run `git fetch --unshallow`."
        )
    if (folder / "reftable").is_dir():
        raise CloneRefused(
            Code.REFTABLE,
            "The clone keeps references as a reftable; run `git refs migrate --ref-format=files`.",
        )
    if _content(folder / "objects" / "info" / "alternates").strip():
        raise CloneRefused(
            Code.ALTERNATES,
            "The clone borrows objects of another one; run `git repack -a -d` and delete "
            "objects/info/alternates.",
        )


def _packed(folder: Path) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for line in _content(folder / "packed-refs").splitlines():
        object_id, _, name = line.partition(b" ")
        text = object_id.decode("ascii", "replace")
        if name and _ID.fullmatch(text):
            found[name] = text
    return found


def _loose(folder: Path, limits: Limits) -> Iterator[tuple[bytes, str]]:
    """References that are files of their own; links are not followed."""
    root = folder / "refs"
    if root.is_symlink():
        return
    seen = 0
    for parent, _, names in os.walk(root, followlinks=False):
        for name in names:
            seen += 1
            if seen > 4 * limits.max_tags:
                raise CloneRefused(
                    Code.TOO_MANY_TAGS, "The clone has too many references; run `git pack-refs`."
                )
            path = Path(parent) / name
            text = _content(path, most=_MAX_REFERENCE).strip().decode("ascii", "replace")
            if _ID.fullmatch(text):
                yield os.fsencode(path.relative_to(folder)), text


def _head(folder: Path, references: dict[bytes, str]) -> tuple[str, str]:
    """The commit of HEAD and the short name of its branch, empty for a detached one."""
    name = _content(folder / "HEAD", most=_MAX_REFERENCE).strip()
    for _ in range(_MAX_LINKS):
        if not name.startswith(b"ref:"):
            break
        name = name.removeprefix(b"ref:").strip()
        if name in references:
            branch = name.removeprefix(b"refs/heads/").decode("utf-8", "backslashreplace")
            return _sha1(references[name]), branch
        # A loose reference may itself name another one.
        path = folder / os.fsdecode(name) if _plain(name) else folder / "refs"
        inside = path.resolve().is_relative_to(folder.resolve())
        name = _content(path, most=_MAX_REFERENCE).strip() if inside else b""
    text = name.decode("ascii", "replace")
    if _ID.fullmatch(text):
        return _sha1(text), ""
    raise CloneRefused(
        Code.EMPTY, "The branch that HEAD names has no commit; commit, or check out one that has."
    )


def _plain(name: bytes) -> bool:
    return name.startswith(b"refs/") and b".." not in name and b"\0" not in name


def _sha1(object_id: str) -> str:
    if len(object_id) == _SHA256_LENGTH:
        raise CloneRefused(
            Code.SHA256,
            "The clone has SHA-256 object ids, which are not read; check a SHA-1 mirror of it.",
        )
    return object_id


def _refuse_links(objects: Path) -> None:
    """Refuse links among the objects: they could show objects of other clones as this one's."""
    folders = [objects, objects / "pack", objects / "info"]
    seen = 0
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if entry.is_symlink() or seen > _MAX_OBJECT_FILES:
                raise CloneRefused(
                    Code.LINKS_INSIDE,
                    "The clone's objects are links to elsewhere, or too many; clone it afresh "
                    "with `git clone --no-local`.",
                )
            if len(entry.name) == 2 and entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))


def _content(path: Path, *, most: int = _MAX_BYTES) -> bytes:
    """The bytes of a plain file; nothing where there is none, for a link, and past the bound."""
    try:
        if path.is_symlink() or not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""
