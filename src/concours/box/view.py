"""What a boxed program sees of this machine, read-only: the system's folders, this interpreter."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import concours

PACKAGE = str(Path(concours.__file__).resolve().parent)
FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("alternatives", "ld.so.cache")
"""Of /etc: what the loader and the names of programs need. The time zone is UTC."""
HIDDEN = ("interrupts", "kallsyms", "key-users", "keys", "modules", "sched_debug")
"""Of /proc: what tells everybody of the machine, and not of the box. Each mount costs time."""
MADE = ("/usr", "/lib", "/bin", "/sbin", "/proc", "/dev", "/tmp")  # noqa: S108
"""Made open to all by other means."""


@functools.cache
def root(
    prefix: str = sys.prefix, base: str = sys.base_prefix, package: str = PACKAGE
) -> tuple[tuple[str, ...], ...]:
    """Arguments of bwrap that build the root, but for /proc, /dev and what is writable.

    prefix, base: this interpreter's. package: this project's, whose seasons are not shown.
    """
    made: list[tuple[str, ...]] = []
    for one in map(Path, FOLDERS):
        if one.is_symlink():
            made.append(("--symlink", str(one.readlink()), str(one)))
        elif one.is_dir():
            made.append(("--ro-bind", str(one), str(one)))
    for name in ETC:
        made.append(("--ro-bind-try", f"/etc/{name}", f"/etc/{name}"))
    for one in dict.fromkeys((Path(base), Path(prefix))):
        if not any(one.is_relative_to(folder) for folder in FOLDERS):
            made.append(("--ro-bind", str(one), str(one)))
    seasons = Path(package, "seasons")
    if seasons.is_dir() and any(seasons.is_relative_to(part[-1]) for part in made):
        made += [("--size", "4096", "--tmpfs", str(seasons)), ("--remount-ro", str(seasons))]
    return tuple(made)


@functools.cache
def hidden() -> tuple[tuple[str, ...], ...]:
    """Arguments of bwrap that cover parts of /proc."""
    paths = [f"/proc/{name}" for name in HIDDEN]
    return tuple(("--ro-bind", "/dev/null", path) for path in paths if Path(path).exists())


def mounted(source: Path, target: str) -> list[tuple[str, ...]]:
    """Arguments of bwrap that show a file or folder read-only.

    The program is another user than the owner of a private folder: such a folder is shown by its
    contents, whose own modes count. A link among them stays a link: bwrap would follow it outside.
    """
    if not is_private(source):
        return [("--ro-bind", str(source), target)]
    made: list[tuple[str, ...]] = [("--perms", "0755", "--dir", target)]
    for one in sorted(source.iterdir()):
        place = f"{target}/{one.name}"
        if one.is_symlink():
            made.append(("--symlink", str(one.readlink()), place))
        elif one.is_dir() or one.is_file():
            made.append(("--ro-bind", str(one), place))
    return made


def is_private(source: Path) -> bool:
    """Whether it is a folder that the program, being another user than its owner, cannot open."""
    return os.geteuid() == 0 and source.is_dir() and source.stat().st_mode & 0o005 != 0o005


def above(parts: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Arguments of bwrap that make the folders in which others come to lie, open to all."""
    found: dict[str, None] = {}
    for part in parts:
        found.update(dict.fromkeys(str(one) for one in reversed(Path(part[-1]).parents)))
    known = [one for one in found if one != "/" and not one.startswith(MADE)]
    return [("--perms", "0755", "--dir", one) for one in known]
