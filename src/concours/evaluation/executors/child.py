"""The side of a local worker: a process that runs one case after another."""

from __future__ import annotations

import contextlib
import threading
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from concours.evaluation.running import run_case

IDLE_SECONDS = 0.5
STOP, PRINTED, RESULT = "stop", "printed", "result"


def serve(connection: Connection) -> None:
    """Run the orders that come, until the other side is gone.

    As long as nobody waits, the driving engine is made ready: importing it costs seconds.
    """
    if not connection.poll(IDLE_SECONDS):
        with contextlib.suppress(ImportError):  # its extra may not be installed
            import_module("concours.evaluation.driving_case")
    while True:
        try:
            order = connection.recv()
        except (EOFError, OSError):
            return
        if order == STOP:
            continue  # it came after the end of its case
        stop = threading.Event()
        lock = threading.Lock()
        ended = threading.Event()
        ear = threading.Thread(target=_listen, args=(connection, stop, ended), daemon=True)
        ear.start()

        def tell(kind: str, content: Any, lock: threading.Lock = lock) -> None:
            with lock:
                connection.send((kind, content))

        try:
            result = run_case(order, stop=stop, watch=lambda data: tell(PRINTED, data))
            ended.set()
            ear.join()
            tell(RESULT, result)
        except OSError:
            return  # nobody waits for it any more


def _listen(connection: Connection, stop: threading.Event, ended: threading.Event) -> None:
    """Hear, while a case runs, that it is to end; the other side's death is such a word too."""
    while not ended.is_set():
        try:
            if not connection.poll(0.1):
                continue
            connection.recv()
        except (EOFError, OSError):
            stop.set()
            return
        stop.set()
