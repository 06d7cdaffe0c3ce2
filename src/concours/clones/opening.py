"""Opening a clone: where its objects are, and a git on them in a repository folder of our own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from concours.clones.facts import Limits
from concours.clones.gitprocess import Git
from concours.clones.history import printable
from concours.clones.references import References, find_references

_EMPTY = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"


@contextlib.contextmanager
def opened(clone: Path, limits: Limits) -> Iterator[tuple[References, Git]]:
    """A clone, bare or not, for reading; what is checked out is not looked at.

    Nothing of the clone is run and nothing is fetched; time, memory and output are bounded by
    `limits`. Raises CloneRefused with the mend.
    """
    references = find_references(clone, limits)
    with tempfile.TemporaryDirectory(prefix="concours-clone-") as name:
        folder = Path(name)
        _empty_repository(folder / "repo")
        yield references, Git(objects=references.objects, folder=folder, limits=limits)


def name_of(clone: Path) -> str:
    """The folder's name, printable and without .git: what a report calls the clone."""
    return printable(os.fsencode(clone.resolve().name)).removesuffix(".git")


def _empty_repository(folder: Path) -> None:
    for part in ("refs", "objects"):
        (folder / part).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    (folder / "config").write_text(_EMPTY, encoding="ascii")
