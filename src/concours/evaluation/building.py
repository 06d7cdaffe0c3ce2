"""Installing and compiling a submission, each in a box of its own, once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from concours import box
from concours.evaluation import boxing
from concours.evaluation.errors import BadSubmission
from concours.evaluation.manifest import Allowed, Install
from concours.evaluation.prepared import SITE, Prepared

LOG = 65_536
COPY = 'cp -R /submission/. . && exec "$@"'
"""In the box: work on a copy, for what is mounted cannot be written to."""


def installed(install: Install, prepared: Prepared) -> str:
    """Install the allowed wheels that the submission names, without any network; pip's log.

    Raises BadSubmission; box.BoxMissing, box.BoxFault.
    """
    wanted = prepared.folder / install.requirements
    if install.wheels is None or not wanted.is_file():
        return ""
    argv = [
        "python", "-I", "-m", "pip", "install", "--no-index", "--find-links", boxing.WHEELS,
        "--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check", "--no-compile",
        "--target", f"{box.SCRATCH}/site", "-r", f"{boxing.SUBMISSION}/{install.requirements}",
    ]  # fmt: skip
    folders = {boxing.SUBMISSION: prepared.folder, boxing.WHEELS: install.wheels}
    with tempfile.TemporaryDirectory(prefix="concours-install-") as name:
        log = _built("install", argv, folders, Path(name), install.allowed)
        made = Path(name, "site")
        if made.is_dir():
            shutil.move(made, prepared.root / SITE)
    return log


def compiled(install: Install, prepared: Prepared) -> str:
    """Run the evaluator's compile command in a copy of the submission, and keep that copy.

    Raises BadSubmission; box.BoxMissing, box.BoxFault.
    """
    if not install.compile:
        return ""
    argv = ["/bin/sh", "-c", COPY, "sh", *boxing.command(install.compile)]
    with tempfile.TemporaryDirectory(prefix="concours-compile-") as name:
        folders = {boxing.SUBMISSION: prepared.folder, boxing.SITE: prepared.site}
        log = _built("compile", argv, folders, Path(name), install.allowed)
        shutil.rmtree(prepared.folder)
        shutil.copytree(name, prepared.folder)
    return log


def _built(
    code: str,
    argv: Sequence[str],
    folders: Mapping[str, Path | None],
    into: Path,
    allowed: Allowed,
) -> str:
    order = box.Order(
        argv=boxing.command(argv),
        mounts=boxing.mounts(folders),
        limits=boxing.limits(allowed),
        environment=boxing.FIXED,
    )
    outcome = box.run(order, collect=into)
    log = (outcome.stdout + outcome.stderr).decode("utf-8", "replace")[-LOG:]
    if outcome.ending is box.Ending.BOX_FAULT:
        raise box.BoxFault(outcome.reason)
    if not outcome.completed:
        raise BadSubmission(code, f"It does not {code}: {outcome.reason}", log)
    return log
