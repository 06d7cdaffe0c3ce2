"""Names of files without the names of people, each still one file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol

MOST_COMPONENT = 200


class Renamer(Protocol):
    def rename(self, path: str) -> str: ...


def renamed(paths: Iterable[str], renamer: Renamer) -> Iterator[tuple[str, str]]:
    """(path, path to show) in the order of the paths' bytes; no two shown are one file.

    Where two become the same, the later takes a number behind its name.
    """
    ordered = sorted(paths, key=str.encode)
    shown = {path: renamer.rename(path) for path in ordered}
    folders = {
        _key(path.rsplit("/", depth)[0])
        for path in shown.values()
        for depth in range(1, path.count("/") + 1)
    }
    taken: set[str] = set()
    for path in ordered:
        wanted, number = shown[path], 1
        while (key := _key(wanted)) in taken or key in folders:
            number += 1
            wanted = f"{shown[path]}-{number}"
        taken.add(key)
        yield path, wanted


def shortened(component: str) -> str:
    """A component that replacing has made too long for a file system, cut."""
    raw = component.encode()
    return component if len(raw) <= 255 else raw[:MOST_COMPONENT].decode("utf-8", "ignore")


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
