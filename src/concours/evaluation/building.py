"""Installing and compiling a submission, each in a box of its own, once."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from concours import box
from concours.box import wheels
from concours.evaluation import boxing
from concours.evaluation.errors import BadSubmission
from concours.evaluation.folder import open_to_boxes
from concours.evaluation.manifest import Install
from concours.evaluation.prepared import SITE, Prepared

LOG = 65_536
MOST_FILES = 20_000
"""Files of packages, or of a compiled submission."""
COPY = 'cp -R /submission/. . && exec "$@"'
"""In the box: work on a copy, for what is mounted cannot be written to."""


def installed(install: Install, prepared: Prepared) -> str:
    """Install the packages that the submission names, of those that are allowed.

    Wheels are fetched without running anything of them, and unpacked in a box. Gives the log: the
    SHA-256 of each wheel, and what pip printed. Raises BadSubmission; box.BoxMissing, box.BoxFault.
    """
    wanted = prepared.folder / install.requirements
    if not install.packages or not wanted.is_file():
        return ""
    source = wheels.Source(
        index=install.index,
        links=(str(install.wheels),) if install.wheels else (),
        allowed=install.packages,
    )
    with tempfile.TemporaryDirectory(prefix="concours-install-") as name:
        fetched, out = Path(name, "wheels"), Path(name, "out")
        fetched.mkdir()
        out.mkdir()
        try:
            lines = wheels.requirements(_text(wanted), install.packages)
            found = wheels.fetch(lines, fetched, source)
            open_to_boxes(fetched)
        except wheels.BadRequirements as error:
            reason = f"{install.requirements} cannot be installed: {error}"
            raise BadSubmission("install", reason) from None
        if not found:
            return ""
        log = "".join(f"{_sha256(wheel)}  {wheel.name}\n" for wheel in found)
        limits = replace(boxing.limits(install.allowed), files=MOST_FILES)
        log += _built("install", wheels.install(lines, fetched, limits), out)
        shutil.move(out / Path(wheels.TARGET).name, prepared.root / SITE)
        open_to_boxes(prepared.root / SITE)
    return log


def _text(path: Path) -> str:
    """Raises BadSubmission for a list of packages that is none."""
    with path.open("rb") as file:
        content = file.read(LOG + 1)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
    if len(content) > LOG or not text:
        raise BadSubmission("install", f"{path.name} is no list of packages")
    return text


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compiled(install: Install, prepared: Prepared) -> str:
    """Run the evaluator's compile command in a copy of the submission, and keep that copy.

    Raises BadSubmission; box.BoxMissing, box.BoxFault.
    """
    if not install.compile:
        return ""
    argv = ["/bin/sh", "-c", COPY, "sh", *boxing.command(install.compile)]
    with tempfile.TemporaryDirectory(prefix="concours-compile-") as name:
        order = box.Order(
            argv=argv,
            mounts=boxing.mounts({boxing.SUBMISSION: prepared.folder, boxing.SITE: prepared.site}),
            limits=replace(boxing.limits(install.allowed), files=MOST_FILES),
            environment=boxing.FIXED,
        )
        log = _built("compile", order, Path(name))
        shutil.rmtree(prepared.folder)
        shutil.copytree(name, prepared.folder)
        open_to_boxes(prepared.folder)
    return log


def _built(code: str, order: box.Order, into: Path) -> str:
    outcome = box.run(order, collect=into)
    log = (outcome.stdout + outcome.stderr).decode("utf-8", "replace")[-LOG:]
    if outcome.ending is box.Ending.BOX_FAULT:
        raise box.BoxFault(outcome.reason)
    if not outcome.completed:
        raise BadSubmission(code, f"It does not {code}: {outcome.reason}", log)
    return log
