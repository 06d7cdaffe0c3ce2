"""The files of a commit, each looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from concours.clones import CloneRefused, Code, Git, Limits, Objects, corrupt, printable
from concours.criteria.repository.facts import Document, ScannedFile
from concours.criteria.repository.keys import MAX_FILES, may_hold_keys
from concours.criteria.repository.scanning import scan

MAX_DOCUMENT_BYTES = 256 * 1024
MAX_DOCUMENTS = 2_000
_DOCUMENT = re.compile(
    r"(?:(?:docs?|documentation|\.github|\.gitlab|\.gitee|community|governance|licenses)/)?[^/]+|"
    r"docs?/(?:zh|zh[_-]cn|en|cn)/[^/]+",
    re.IGNORECASE,
)
_READ_BY_PEOPLE = re.compile(
    r"(?:.*\.(?:md|rst|txt|adoc|asciidoc|org|cff|toml|ya?ml|xml)|[A-Z][A-Za-z._-]*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit, and how many links and submodules were left out of them."""

    files: list[ScannedFile]
    documents: dict[str, Document]
    keys: dict[str, bytes]
    paths: set[bytes]
    links: int
    submodules: int
    complete: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    path: bytes
    mode: bytes
    object_id: str
    size: int


def read_tree(git: Git, objects: Objects, commit: str, limits: Limits) -> Tree:
    """Look at each file of `commit`, until the bounds. O(bytes of the text in it)."""
    entries = list(_entries(git, commit, limits))
    files: list[ScannedFile] = []
    documents: dict[str, Document] = {}
    keys: dict[str, bytes] = {}
    left = limits.max_scanned_bytes
    plain = [entry for entry in entries if entry.mode.startswith(b"100")]
    for entry in plain:
        path = printable(entry.path)
        content = None
        if entry.size <= min(limits.max_text_bytes, left):
            _, content = objects.read(entry.object_id, most=limits.max_text_bytes)
            left -= entry.size
        files.append(scan(path, entry.size, content))
        if content is not None and len(documents) < MAX_DOCUMENTS and _is_document(path):
            text = content[:MAX_DOCUMENT_BYTES].decode("utf-8", "replace")
            documents[path] = Document(path, text)
        if content is not None and len(keys) < MAX_FILES and may_hold_keys(path):
            keys[path] = content
    return Tree(
        files=files,
        documents=documents,
        keys=keys,
        paths={entry.path for entry in plain},
        links=sum(entry.mode == b"120000" for entry in entries),
        submodules=sum(entry.mode == b"160000" for entry in entries),
        complete=left > limits.max_text_bytes,
    )


def _is_document(path: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(_DOCUMENT.fullmatch(path) and _READ_BY_PEOPLE.fullmatch(name))


def _entries(git: Git, commit: str, limits: Limits) -> Iterator[_Entry]:
    """The listing is read as it is made: a tree can name itself more often than can be listed."""
    listed = git.lines("ls-tree", "-r", "-z", "-l", "--full-tree", commit, end=b"\0")
    for number, line in enumerate(listed):
        if number >= limits.max_files:
            raise CloneRefused(
                Code.TOO_MANY_FILES,
                f"The clone has more than {limits.max_files} files, which is the bound; take "
                "data sets and built files out of it.",
            )
        about, _, path = line.partition(b"\t")
        parts = about.split()
        if len(parts) != 4 or not path:
            raise corrupt()
        size = int(parts[3]) if parts[3].isdigit() else 0
        yield _Entry(path, parts[0], parts[2].decode("ascii"), size)
