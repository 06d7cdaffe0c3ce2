"""Packages that an entry asks for: fetched here as wheels, of allowed names only; installed boxed.

Wheels are archives: to fetch one runs no code of it. What would (an sdist, a link to a repository,
an option of pip's) is refused. The step that unpacks them runs in the box, without network.
"""

from __future__ import annotations

import errno
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from concours.box.order import BadOrder, BoxFault, Limits, Mount, Order

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
VERSION = r"\s*(?:===?|[<>~!]=|[<>])\s*[A-Za-z0-9.*+!_-]+\s*"
LINE = re.compile(
    rf"(?P<name>{NAME})(?P<extras>\s*\[[A-Za-z0-9,._\s-]*\])?(?:{VERSION}(?:,{VERSION})*)?"
    r"(?P<hashes>(?:\s*--hash=sha256:[0-9a-f]{64})*)\s*"
)
MOST_LINES = 200
INSIDE = "/wheels"
TARGET = "/scratch/packages"
OURS = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), "connection broken by")
"""What pip says of a disk or an index that fails: no entrant is blamed."""


class BadRequirements(BadOrder):
    """The list of packages cannot be had: the entrant's fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where wheels come from.

    Attributes:
        index: address of a package index, "" for none. links: folders or addresses with wheels.
        allowed: names that may be fetched, dependencies too.
        seconds: for all of it. file_bytes: of one wheel. total_bytes: of all of them.
    """

    index: str = ""
    links: tuple[str, ...] = ()
    allowed: Collection[str]
    seconds: float = 600.0
    file_bytes: int = 512 * 2**20
    total_bytes: int = 2 * 2**30


def requirements(text: str, allowed: Collection[str]) -> list[str]:
    """The lines of a requirements file, of names that are allowed.

    Names, extras, versions and hashes are understood. Raises BadRequirements with the line.
    """
    names = {canonical(name) for name in allowed}
    lines = list(_lines(text))
    if len(lines) > MOST_LINES:
        raise BadRequirements(f"more than {MOST_LINES} packages")
    for number, line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            raise BadRequirements(f"line {number}: {line[:100]!r} is no name with versions")
        if canonical(found["name"]) not in names:
            raise BadRequirements(f"line {number}: {found['name']!r} is not among what is allowed")
    return [line for _, line in lines]


def fetch(lines: list[str], into: Path, source: Source) -> list[Path]:
    """Fetch wheels for what `requirements` returned, with all they depend on, into a folder.

    With hashes where any line has one, then for all. Raises BadRequirements; BoxFault where pip is
    missing or takes too long.
    """
    if not lines:
        return []
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="concours-box-") as listed:
        listed.write("\n".join(lines))
        listed.flush()
        _pip(listed.name, into, source)
    found = sorted(into.iterdir())
    names = {canonical(name) for name in source.allowed}
    for one in found:
        if one.suffix != ".whl" or canonical(one.name.split("-")[0]) not in names:
            raise BadRequirements(f"{one.name} comes with it and is not among what is allowed")
    if sum(one.stat().st_size for one in found) > source.total_bytes:
        raise BadRequirements(f"more than {source.total_bytes} bytes of packages")
    return found


def install(lines: list[str], wheels: Path, limits: Limits) -> Order:
    """The order that installs what was fetched into TARGET, to be run with `collect`."""
    return Order(
        argv=[
            sys.executable, "-I", "-m", "pip", "install", "--isolated", "--no-input", "--no-index",
            "--no-cache-dir", "--no-compile", "--disable-pip-version-check", "--quiet",
            "--find-links", INSIDE, "--only-binary", ":all:", "--target", TARGET,
            *(line.split("--hash")[0].strip() for line in lines),
        ],
        mounts=[Mount(source=wheels, target=INSIDE)],
        limits=limits,
    )  # fmt: skip


def canonical(name: str) -> str:
    """A name as indexes compare them. Source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that asks for something; a backslash goes on in the next."""
    joined = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for number, line in enumerate(joined.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line:
            yield number, line


def _pip(listed: str, into: Path, source: Source) -> None:
    where = ["--index-url", source.index] if source.index else ["--no-index"]
    for link in source.links:
        where += ["--find-links", link]
    process = subprocess.Popen(  # noqa: S603
        [
            sys.executable, "-I", "-m", "pip", "download", "--isolated", "--no-input",
            "--no-cache-dir", "--disable-pip-version-check", "--quiet", "--only-binary", ":all:",
            *where, "--dest", str(into), "--requirement", listed,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (source.file_bytes, source.file_bytes))
    try:
        told = process.communicate(timeout=source.seconds)[1].decode(errors="replace").strip()
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise BoxFault(f"packages could not be fetched within {source.seconds:.0f} s") from None
    if "No module named pip" in told:
        raise BoxFault("pip is not installed beside this interpreter")
    if process.returncode != 0 and any(words in told for words in OURS):
        raise BoxFault(f"packages could not be fetched: {told[-600:]}")
    if process.returncode != 0:
        raise BadRequirements(f"packages cannot be fetched: {told[-600:]}")
