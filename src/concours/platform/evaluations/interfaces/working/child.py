"""The process at a slot's side: it makes one run after another, and knows no database.

What it is told and tells goes over a pipe. It leads a process group of its own: when the worker is
gone, the pipe's end says so, and it takes its whole group with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Iterable
from concurrent.futures import as_completed
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from concours import evaluation
from concours.evaluation import CaseOrder, CaseResult, CaseState, Evaluator, Executor
from concours.platform.evaluations.interfaces.working.messages import (
    BEGUN,
    CASE,
    EVALUATOR,
    FAILED,
    FAULTED,
    PATIENCE,
    PRINTED,
    READY,
    RUN,
    SCORED,
    STOPPED,
    UNREADY,
    WORKER,
    RunOrder,
)

AGAIN_S = 10.0
"""After so long a cluster that did not answer is tried again."""
EVALUATORS_CODES = frozenset({"evaluator", "result"})


class Fault(Exception):
    """No verdict. `whose` is EVALUATOR or WORKER."""

    def __init__(self, whose: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.whose, self.code, self.detail = whose, code, detail


def serve(line: Connection, parallel: int) -> None:
    """Make the runs that come, `parallel` cases at once, until the other side is gone."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = threading.Event()
    orders: queue.SimpleQueue[RunOrder] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(line, orders, stop), daemon=True).start()
    telling = threading.Lock()

    def tell(kind: str, content: Any = None) -> None:
        with telling, contextlib.suppress(OSError):
            line.send((kind, content))

    with _executor(parallel, tell) as executor:
        tell(READY)
        while True:
            order = orders.get()
            _answer(order, executor, stop, tell)
            stop.clear()


def _executor(parallel: int, tell: Any) -> Executor:
    """Where cases run; waits for the cluster that the settings name, and tells why."""
    while True:
        try:
            return evaluation.executor_from_settings(parallel)
        except OSError as error:
            tell(UNREADY, str(error))
        time.sleep(AGAIN_S)


def _listen(line: Connection, orders: queue.SimpleQueue[RunOrder], stop: threading.Event) -> None:
    while True:
        try:
            kind, content = line.recv()
        except (EOFError, OSError):
            os.killpg(0, signal.SIGKILL)
        if kind == RUN:
            orders.put(content)
        else:
            stop.set()


def _answer(order: RunOrder, executor: Executor, stop: threading.Event, tell: Any) -> None:
    try:
        total = _run(order, executor, stop, tell)
    except evaluation.BadSubmission as error:
        tell(FAILED, {"code": error.code, "reason": error.args[0], "log": error.log})
    except Fault as fault:
        if stop.is_set():
            tell(STOPPED)
        else:
            tell(FAULTED, {"whose": fault.whose, "code": fault.code, "detail": fault.detail})
    except (evaluation.BadEvaluator, evaluation.BadResult) as error:
        tell(FAULTED, {"whose": EVALUATOR, "code": "evaluator", "detail": str(error)})
    except Exception as error:
        detail = traceback.format_exc(limit=-3)
        tell(FAULTED, {"whose": WORKER, "code": evaluation.code_of(error), "detail": detail})
    else:
        tell(SCORED, total)
    finally:
        shutil.rmtree(order.work, ignore_errors=True)


def _run(order: RunOrder, executor: Executor, stop: threading.Event, tell: Any) -> dict[str, Any]:
    evaluator = evaluation.load(order.evaluator_folder)
    if evaluator.digest != order.evaluator_digest:
        raise Fault(WORKER, "evaluator-files", "the evaluator's files are not those taken in")
    tell(PATIENCE, evaluator.longest_seconds)
    if _sha256(order.archive) != order.archive_digest:
        raise Fault(WORKER, "submission-files", "the stored archive is not the one submitted")
    shutil.rmtree(order.work, ignore_errors=True)
    kept = order.artefacts / order.folder
    shutil.rmtree(kept, ignore_errors=True)
    prepared = evaluation.prepare(evaluator, order.archive, order.work / "prepared")
    if prepared.digest != order.content_digest:
        raise Fault(WORKER, "submission-files", "the stored archive is not the one submitted")
    orders = evaluation.orders(
        evaluator,
        prepared.root,
        order.split,
        seed=order.seed,
        secret=_secret(order),
        artefacts=kept,
    )
    public = evaluator.splits[order.split].public
    results = _cases(list(orders), executor, stop, tell, public=public)
    total = evaluation.combine(evaluator, order.split, results)
    return {
        "values": dict(total.values),
        "intervals": {name: tuple(bounds) for name, bounds in total.intervals.items()},
        "digest": total.digest,
        "cases": [
            _told(result, order.folder)
            for result in sorted(results, key=_place(evaluator, order.split))
        ],
    }


def _secret(order: RunOrder) -> bytes:
    """The secret of sealed cases, read here alone. Raises Fault where it is not the committed."""
    if order.secret_file is None:
        return b""
    try:
        secret = evaluation.read_secret(order.secret_file)
    except (OSError, evaluation.BadSecret) as error:
        raise Fault(WORKER, "secret-unreadable", str(error)) from error
    if evaluation.commitment(secret) != order.seed_commitment:
        raise Fault(WORKER, "secret-changed", "the secret is not the one committed to")
    return secret


def _cases(
    orders: list[CaseOrder],
    executor: Executor,
    stop: threading.Event,
    tell: Any,
    *,
    public: bool,
) -> list[CaseResult]:
    """The results of all cases. Raises Fault at the first that has no verdict."""

    def watch(data: bytes) -> None:
        tell(PRINTED, data.decode("utf-8", "replace"))

    ending = threading.Event()
    tell(BEGUN, len(orders))
    futures = [
        executor.submit(order, stop=_Either(stop, ending), watch=watch if public else None)
        for order in orders
    ]
    results = []
    try:
        for future in as_completed(futures):
            result = future.result()
            if result.state is CaseState.FAULTED:
                whose = EVALUATOR if result.code in EVALUATORS_CODES else WORKER
                raise Fault(whose, result.code, f"{result.case}: {result.reason}")
            results.append(result)
            tell(CASE, _line(result) if public else "")
    finally:
        ending.set()
        for future in futures:
            future.cancel()
    return results


class _Either(threading.Event):
    """Set when either of two is."""

    def __init__(self, *events: threading.Event) -> None:
        super().__init__()
        self._events = events

    def is_set(self) -> bool:
        return super().is_set() or any(event.is_set() for event in self._events)


def _line(result: CaseResult) -> str:
    values = ", ".join(f"{name} {value:g}" for name, value in result.values.items())
    why = f" ({result.reason})" if result.reason else ""
    return f"{result.case}: {values}{why}\n"


def _place(evaluator: Evaluator, split: str) -> Any:
    order = {case: number for number, case in enumerate(evaluator.cases(split))}
    return lambda result: order[result.case]


def _told(result: CaseResult, folder: str) -> dict[str, Any]:
    files = sorted(result.artefacts.iterdir()) if result.artefacts is not None else []
    return {
        "case": result.case,
        "state": str(result.state),
        "values": dict(result.values),
        "digest": result.digest,
        "reason": result.reason,
        "seconds": result.seconds,
        "folder": f"{folder}/{result.case}",
        "artefacts": [_file(path) for path in _plain(files)],
    }


def _plain(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _file(path: Path) -> dict[str, Any]:
    return {"name": path.name, "size": path.stat().st_size, "digest": _sha256(path)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
