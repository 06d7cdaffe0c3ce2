"""A submission that is ready to be run, as a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

NOTE = "prepared.json"
PROGRAM, SITE, IMAGE = "submission", "site", "image.tar"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What `prepare` left in a folder.

    Attributes:
        root: that folder. digest: SHA-256 of the submission's content, as snapshots have it.
        entry: the file that drives, "" for a plain program. image: whether it is an image archive.
        log: what installing and compiling printed.
    """

    root: Path
    digest: str
    entry: str = ""
    image: bool = False
    log: str = ""

    @property
    def folder(self) -> Path:
        """The submission's files."""
        return self.root / PROGRAM

    @property
    def site(self) -> Path | None:
        """Installed wheels, None without any."""
        site = self.root / SITE
        return site if site.is_dir() else None

    @property
    def image_file(self) -> Path | None:
        """The image archive, None without one."""
        return self.root / IMAGE if self.image else None


def write_prepared(prepared: Prepared) -> None:
    """Note it in its folder, as the last act of preparing. Raises OSError."""
    facts = {
        "format": FORMAT,
        "digest": prepared.digest,
        "entry": prepared.entry,
        "image": prepared.image,
        "log": prepared.log,
    }
    (prepared.root / NOTE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def read_prepared(root: Path) -> Prepared:
    """What was noted. Raises OSError; ValueError for a folder that was not prepared to its end."""
    facts = json.loads((root / NOTE).read_text(encoding="utf-8"))
    if facts.pop("format", None) != FORMAT:
        raise ValueError(f"{root.name} was prepared by another version: prepare it again")
    return Prepared(root=root, **facts)
