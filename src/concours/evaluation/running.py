"""Running one case, whatever its kind; whoever is at fault, there is a result."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from concours.evaluation import program_case
from concours.evaluation.cases import CaseOrder, CaseResult, CaseState, faulted
from concours.evaluation.errors import BadEvaluator, BadResult, Stopped, code_of
from concours.evaluation.manifest import Evaluator, Kind
from concours.evaluation.reading import load
from concours.evaluation.texts import in_short, printable
from concours.tables import Fault

Watch = Callable[[bytes], None]


def run_case(
    order: CaseOrder, *, stop: threading.Event | None = None, watch: Watch | None = None
) -> CaseResult:
    """Run a case and judge it. Raises nothing but for an interrupt: a fault is a result.

    stop: when set, the run ends as faulted with the code "stopped"; a drive heeds it between its
    frames. watch: told of what the entrant's program prints, as it does; never for sealed splits.
    """
    begun = time.monotonic()
    try:
        result = _run(order, stop or threading.Event(), watch)
    except Stopped:
        result = faulted(order.case, "stopped", "the run was stopped")
    except BadEvaluator as error:
        result = faulted(order.case, "evaluator", str(error))
    except BadResult as error:
        result = faulted(order.case, "result", str(error))
    except Exception as error:
        result = faulted(order.case, code_of(error), f"{type(error).__name__}: {error}")
    return replace(
        result,
        reason=in_short(result.reason),
        log=printable(result.log),
        seconds=time.monotonic() - begun,
    )


def _run(order: CaseOrder, stop: threading.Event, watch: Watch | None) -> CaseResult:
    evaluator = known(order.evaluator_folder, order.evaluator_digest)
    split = evaluator.splits.get(order.split)
    if split is None or order.case not in split.cases:
        place = f"splits.{order.split}"
        raise BadEvaluator([Fault("evaluator.toml", place, f"has no case {order.case}")])
    if split.sealed and not order.secret:
        raise BadEvaluator(
            [Fault("evaluator.toml", f"splits.{order.split}", "is sealed", "give its secret")]
        )
    if stop.is_set():
        raise Stopped
    if evaluator.kind is Kind.DRIVING:
        from concours.evaluation import driving_case  # costs seconds

        result = driving_case.run(order, evaluator, split, stop)
    else:
        result = program_case.run(
            order, evaluator, split, stop, watch=watch if split.public else None
        )
    if result.state is CaseState.FAILED and not split.public:
        return replace(result, log="", reason=f"the program failed: {result.code}")
    return result if split.public else replace(result, log="")


@functools.lru_cache(maxsize=16)
def known(folder: Path, digest: str) -> Evaluator:
    """An evaluator that is loaded once a process. Raises BadEvaluator where it is another one."""
    evaluator = load(folder)
    if digest and evaluator.digest != digest:
        raise BadEvaluator(
            [Fault("evaluator.toml", "", "changed since the run was ordered", "order it again")]
        )
    return evaluator
