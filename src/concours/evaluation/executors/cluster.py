"""Cases on a Ray cluster: one task a case, whole runs only.

Every machine of the cluster has this same version of Concours and a box of its own. What a case
needs travels through Ray's object store, packed once and named by its digest; no folder is shared.
A task whose machine dies is begun again elsewhere, and gives the same result.
"""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from concours.evaluation.cases import CaseOrder, CaseResult, faulted
from concours.evaluation.executors.packing import (
    Parcel,
    evaluator_parcel,
    folder_parcel,
    unpacked,
)
from concours.evaluation.executors.protocol import Watch
from concours.evaluation.running import known, run_case

RETRIES = 4
"""How often a case is begun again whose process or machine died."""
MOST_PARCELS = 16
"""Packed folders that are kept for cases to come; those of running cases are kept by Ray."""
LOOK_SECONDS = 0.2
CONNECT_SECONDS = 5.0

Sent = tuple[CaseResult, Mapping[str, bytes]]
"""A result, and the files of its artefacts."""


class RayExecutor:
    """Runs cases on the cluster at `address`; see protocol.Executor. What a case prints is told to
    `watch` once, at its end.
    """

    def __init__(self, address: str) -> None:
        """address: "auto", "HOST:PORT", or "ray://HOST:PORT".

        Raises ConnectionError without ray, and where no cluster can be joined.
        """
        ray = self._ray = reach(address)
        self._ours = not ray.is_initialized()
        if self._ours:
            self._join(address)
        remote: Any = ray.remote(num_cpus=1, max_retries=RETRIES)
        self._task: Any = remote(run_there)
        self._parcels: dict[tuple[Path, str], Any] = {}
        self._lock = threading.Lock()
        self._running: dict[Any, threading.Event] = {}
        self._closing = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def _join(self, address: str) -> None:
        try:
            self._ray.init(address=address, log_to_driver=False, namespace="concours")
        except Exception as error:
            reason = str(error).strip().partition("\n")[0]
            raise ConnectionError(f"no cluster can be joined at {address}: {reason}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def submit(
        self, order: CaseOrder, *, stop: threading.Event | None = None, watch: Watch | None = None
    ) -> Future[CaseResult]:
        """Run a case where there is room. Raises BadEvaluator, OSError for folders that are bad."""
        if self._closing.is_set():
            raise RuntimeError("the executor is closed")
        evaluator = known(order.evaluator_folder, order.evaluator_digest)
        judge = self._sent(order.evaluator_folder, evaluator.digest)
        entry = self._sent(order.prepared_folder, "")
        bare = replace(order, artefacts=None)
        ref = self._task.remote(bare, judge, entry, keep=order.artefacts is not None)
        future: Future[CaseResult] = Future()
        future.set_running_or_notify_cancel()
        stopped = stop or threading.Event()
        with self._lock:
            self._running[ref] = stopped

        def done(theirs: Future[Sent]) -> None:
            with self._lock:
                self._running.pop(ref, None)
            result = _received(order, theirs, stopped.is_set() or self._closing.is_set())
            if watch is not None and result.log:
                watch(result.log.encode())
            future.set_result(result)

        ref.future().add_done_callback(done)
        return future

    def close(self) -> None:
        """End all cases, and leave the cluster if it was joined here."""
        self._closing.set()
        self._looking.join()
        with self._lock:
            left = list(self._running)
        for ref in left:
            self._ray.cancel(ref, force=True)
        if left:
            self._ray.wait(left, num_returns=len(left), timeout=30.0)
        if self._ours:
            self._ray.shutdown()

    def _sent(self, folder: Path, digest: str) -> Any:
        """The parcel of a folder in the object store. An evaluator's digest tells versions apart;
        a prepared folder never changes.
        """
        key = (folder, digest)
        with self._lock:
            if key not in self._parcels:
                parcel = (
                    evaluator_parcel(known(folder, digest)) if digest else folder_parcel(folder)
                )
                while len(self._parcels) >= MOST_PARCELS:
                    del self._parcels[next(iter(self._parcels))]
                self._parcels[key] = self._ray.put(parcel)
            return self._parcels[key]

    def _look(self) -> None:
        """End the cases whose callers wish so."""
        while not self._closing.wait(LOOK_SECONDS):
            with self._lock:
                unwanted = [ref for ref, stop in self._running.items() if stop.is_set()]
            for ref in unwanted:
                self._ray.cancel(ref, force=True)


def run_there(order: CaseOrder, judge: Parcel, entry: Parcel, *, keep: bool) -> Sent:
    """On a machine of the cluster: unpack what is needed, run the case, send all that came of it.

    keep: whether artefacts are wanted.
    """
    with tempfile.TemporaryDirectory(prefix="concours-artefacts-") as name:
        there = replace(
            order,
            evaluator_folder=unpacked(judge),
            prepared_folder=unpacked(entry),
            artefacts=Path(name) if keep else None,
        )
        result = run_case(there)
        files = {path.name: path.read_bytes() for path in sorted(Path(name).iterdir())}
    return replace(result, artefacts=None), files


def reach(address: str) -> Any:
    """The library, once somebody listens at `address`: Ray itself would wait for minutes.

    Raises ConnectionError without the library, and after a few seconds where nobody listens.
    """
    try:
        import ray
    except ImportError:
        raise ConnectionError("ray is not installed: pip install 'concours[ray]'") from None
    _refuse_silence(address)
    return ray


def _refuse_silence(address: str) -> None:
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not colon or not port.isdecimal():
        return  # "auto", which Ray itself refuses at once where there is no cluster
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ConnectionError(f"no cluster answers at {address}: {error}") from None


def _received(order: CaseOrder, theirs: Future[Sent], stopped: bool) -> CaseResult:
    """The result, its artefacts written; a task that Ray gave up is faulted."""
    try:
        result, files = theirs.result()
    except Exception as error:
        if stopped:
            return faulted(order.case, "stopped", "the run was stopped")
        reason = f"the cluster gave it up: {type(error).__name__}: {error}"
        return faulted(order.case, "worker-died", reason[:500])
    if order.artefacts is None or not files:
        return result
    try:
        order.artefacts.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (order.artefacts / Path(name).name).write_bytes(content)
    except OSError as error:
        return faulted(order.case, "fault", f"artefacts could not be kept: {error.strerror}")
    return replace(result, artefacts=order.artefacts)
