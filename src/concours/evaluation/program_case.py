"""A plain case: the submission is given files, and the organiser's program judges its output."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from concours import box
from concours.box.images import BadImage
from concours.evaluation import boxing
from concours.evaluation.cases import CaseOrder, CaseResult, CaseState
from concours.evaluation.errors import BadResult, Stopped
from concours.evaluation.folder import open_to_boxes
from concours.evaluation.manifest import Allowed, Evaluator, Program, Split
from concours.evaluation.prepared import Prepared, read_prepared
from concours.evaluation.reading_splits import EXPECTED, INPUT
from concours.evaluation.results import read_values
from concours.evaluation.sealing import derived

LOG = 65_536
CODES = {
    box.Ending.EXITED: "exit",
    box.Ending.SIGNALLED: "signal",
    box.Ending.WALL_TIME: "time",
    box.Ending.CPU_TIME: "cpu",
    box.Ending.MEMORY: "memory",
    box.Ending.DISK: "disk",
    box.Ending.OUTPUT: "output",
}


@dataclass(frozen=True, slots=True)
class _Files:
    """The folders of a case: what the program sees, and what only its judge sees."""

    given: Path
    expected: Path


def run(
    order: CaseOrder,
    evaluator: Evaluator,
    split: Split,
    stop: threading.Event,
    *,
    watch: Callable[[bytes], None] | None = None,
) -> CaseResult:
    """Run the submission on a case, then judge it. Raises BadResult, BoxMissing, Stopped, OSError.

    box.BoxFault where a box fails.
    """
    program = evaluator.program
    assert program is not None  # noqa: S101 (the manifest's kind)
    prepared = read_prepared(order.prepared_folder)
    with tempfile.TemporaryDirectory(prefix="concours-case-") as name:
        files = _files(order, evaluator, program, split, Path(name), stop)
        output = Path(name, "output")
        output.mkdir()
        told = _program_order(order, evaluator, program, prepared, files)
        try:
            outcome = box.run(told, collect=output, stop=stop, watch=watch)
        except BadImage as error:
            return _failed(order, evaluator, "image", f"the image cannot be run: {error}")
        _refuse_faults(outcome)
        log = (outcome.stdout + outcome.stderr).decode("utf-8", "replace")[-LOG:]
        if not outcome.completed:
            failed = _failed(order, evaluator, CODES[outcome.ending], outcome.reason)
            return replace(failed, log=log, layers=dict(outcome.layers))
        values, said = _judged(evaluator, program, files, output, stop)
    return CaseResult(
        case=order.case,
        state=CaseState.SCORED,
        values=values,
        log=(log + said)[-LOG:],
        layers=dict(outcome.layers),
    )


def _failed(order: CaseOrder, evaluator: Evaluator, code: str, reason: str) -> CaseResult:
    """The entrant's program came to nothing: the values of a failure count."""
    return CaseResult(
        case=order.case,
        state=CaseState.FAILED,
        values=evaluator.failure,
        code=code,
        reason=reason,
    )


def _program_order(
    order: CaseOrder, evaluator: Evaluator, program: Program, prepared: Prepared, files: _Files
) -> box.Order:
    environment = {
        **boxing.FIXED,
        "CONCOURS_INPUT": boxing.INPUT,
        "CONCOURS_OUTPUT": box.SCRATCH,
        "CONCOURS_SEED": str(order.seed),
    }
    folders: dict[str, Path | None] = {boxing.INPUT: files.given}
    if prepared.image_file is None:
        folders |= {boxing.SUBMISSION: prepared.folder, boxing.SITE: prepared.site}
        environment["PYTHONPATH"] = boxing.SITE
    return box.Order(
        argv=list(program.image) if prepared.image else boxing.command(program.run),
        mounts=boxing.mounts(folders),
        limits=boxing.limits(order.limits or evaluator.limits),
        environment=environment,
        cwd=box.SCRATCH if prepared.image else boxing.SUBMISSION,
        image=prepared.image_file,
    )


def _judged(
    evaluator: Evaluator, program: Program, files: _Files, output: Path, stop: threading.Event
) -> tuple[dict[str, float], str]:
    """The organiser's values of an output, and what their program says to people.

    Raises BadResult where it gives none.
    """
    open_to_boxes(output)
    folders = {
        boxing.INPUT: files.given,
        boxing.EXPECTED: files.expected,
        boxing.OUTPUT: output,
    }
    outcome = _organisers(evaluator, program.score, folders, program.scoring, stop)
    said = outcome.stderr.decode("utf-8", "replace")
    if not outcome.completed:
        tail = said.strip()[-500:]
        raise BadResult(f"the scoring program failed: {outcome.reason} {tail}".strip())
    return read_values(outcome.stdout, evaluator.columns), said


def _organisers(
    evaluator: Evaluator,
    file: Path,
    folders: Mapping[str, Path | None],
    allowed: Allowed,
    stop: threading.Event,
    *,
    stdin: Path | None = None,
    collect: Path | None = None,
) -> box.Outcome:
    """Run a program of the organiser's in a box: strangers' code too. It sees its own folder.

    A program at the evaluator's top, beside the cases, is mounted alone.
    """
    alone = file.parent == evaluator.folder
    target = f"{boxing.EVALUATOR}/{file.name}"
    code = {target: file} if alone else {boxing.EVALUATOR: file.parent}
    outcome = box.run(
        box.Order(
            argv=boxing.command(["python", target]),
            mounts=boxing.mounts({**code, **folders}),
            limits=boxing.limits(allowed),
            environment=boxing.FIXED,
            stdin=stdin,
        ),
        collect=collect,
        stop=stop,
    )
    _refuse_faults(outcome)
    return outcome


def _files(
    order: CaseOrder,
    evaluator: Evaluator,
    program: Program,
    split: Split,
    work: Path,
    stop: threading.Event,
) -> _Files:
    """The files of a case; sealed ones are made by the organiser's program, from a seed of theirs.

    Raises BadResult where none are made.
    """
    if not split.sealed:
        folder = split.files[order.case]
        return _Files(folder / INPUT, folder / EXPECTED)
    assert program.generate is not None  # noqa: S101 (looked at when the manifest was read)
    made = work / "case"
    made.mkdir()
    seed = work / "seed"
    secret = derived(order.secret, evaluator.name, split.name, order.case)
    seed.write_text(f"{int.from_bytes(secret)}\n")
    outcome = _organisers(
        evaluator, program.generate, {}, program.scoring, stop, stdin=seed, collect=made
    )
    if not outcome.completed:
        raise BadResult(f"the program that makes cases failed: {outcome.reason}")
    if not (made / INPUT).is_dir():
        raise BadResult(f"the program that makes cases wrote no folder {INPUT}")
    (made / EXPECTED).mkdir(exist_ok=True)
    open_to_boxes(made)
    return _Files(made / INPUT, made / EXPECTED)


def _refuse_faults(outcome: box.Outcome) -> None:
    if outcome.ending is box.Ending.STOPPED:
        raise Stopped
    if outcome.ending is box.Ending.BOX_FAULT:
        raise box.BoxFault(outcome.reason)
