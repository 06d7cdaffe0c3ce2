"""What every executor does, wherever it runs its cases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self

from concours.evaluation.cases import CaseOrder, CaseResult

Watch = Callable[[bytes], None]


class Executor(Protocol):
    """Runs cases somewhere; each gives the result that `run_case` gives, whatever happens there.

    To be used as a context: at its end, what runs is ended.
    """

    def submit(
        self, order: CaseOrder, *, stop: threading.Event | None = None, watch: Watch | None = None
    ) -> Future[CaseResult]:
        """Run a case as soon as there is room. The future never raises what a case does.

        stop: once set, the case ends as faulted ("stopped"). watch: told of what a public case
        prints, from another thread.
        """
        ...

    def close(self) -> None:
        """End everything; cases that have not come to an end are faulted."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
