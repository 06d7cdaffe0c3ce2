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
COVERED = (*FOLDERS, "/proc", "/dev")
"""In which no folder can or need be made."""
Words = tuple[str, ...]


@functools.cache
def system() -> tuple[Words, ...]:
    """Arguments of bwrap that show the system's folders."""
    made: list[Words] = []
    for one in map(Path, FOLDERS):
        if one.is_symlink():
            made.append(("--symlink", str(one.readlink()), str(one)))
        elif one.is_dir():
            made.append(("--ro-bind", str(one), str(one)))
    for name in ETC:
        made.append(("--ro-bind-try", f"/etc/{name}", f"/etc/{name}"))
    return tuple(made)


@functools.cache
def interpreter(
    prefix: str = sys.prefix, base: str = sys.base_prefix, package: str = PACKAGE
) -> tuple[Words, ...]:
    """Arguments of bwrap that show this interpreter; after all that could hide it.

    prefix, base: the interpreter's. package: this project's, whose seasons are not shown.
    """
    roots = [one for one in dict.fromkeys((Path(base), Path(prefix))) if not _shown(one)]
    made: list[Words] = [("--ro-bind", str(one), str(one)) for one in roots]
    seasons = Path(package, "seasons")
    if seasons.is_dir() and (_shown(seasons) or any(map(seasons.is_relative_to, roots))):
        made += [("--size", "4096", "--tmpfs", str(seasons)), ("--remount-ro", str(seasons))]
    return tuple(made)


def _shown(path: Path) -> bool:
    """Whether it lies in the system's folders."""
    return any(path.is_relative_to(folder) for folder in FOLDERS)


@functools.cache
def hidden() -> tuple[Words, ...]:
    """Arguments of bwrap that cover parts of /proc."""
    paths = [f"/proc/{name}" for name in HIDDEN]
    return tuple(("--ro-bind", "/dev/null", path) for path in paths if Path(path).exists())


def mounted(source: Path, target: str) -> list[Words]:
    """Arguments of bwrap that show a file or folder read-only.

    Run by root the program is another user than the owner of a private folder: such a folder is
    shown by its contents, whose own modes count. A link among them stays a link: bwrap would follow
    it outside.
    """
    if os.geteuid() != 0 or not is_private(source):
        return [("--ro-bind", str(source), target)]
    made: list[Words] = [("--perms", "0755", "--dir", target)]
    for one in sorted(source.iterdir()):
        place = f"{target}/{one.name}"
        if one.is_symlink():
            made.append(("--symlink", str(one.readlink()), place))
        elif one.is_dir() or one.is_file():
            made.append(("--ro-bind", str(one), place))
    return made


def is_private(source: Path) -> bool:
    """Whether it is a folder that others than its owner cannot open."""
    return source.is_dir() and source.stat().st_mode & 0o005 != 0o005


def with_parents(parts: Iterable[Words]) -> list[Words]:
    """The same, each with the folders in which it comes to lie, open to all."""
    known, made = {"/"}, list[Words]()
    for part in parts:
        path = Path(part[-1])
        if not any(path.is_relative_to(one) for one in COVERED):
            for parent in reversed(path.parents):
                if str(parent) not in known:
                    made.append(("--perms", "0755", "--dir", str(parent)))
                    known.add(str(parent))
        known.add(str(path))
        made.append(part)
    return made
