"""The HTTP server, with the background worker as its child."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from concours.platform.operating import metrics
from concours.platform.operating.json_lines import JsonLines
from concours.platform.wsgi import application


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with options from us instead of a command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return application


class JsonLogger(Logger):  # type: ignore[misc]
    """gunicorn's own lines in the form of all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


def run(*, host: str, port: int, processes: int, threads: int, worker: bool) -> None:
    """Serve until interrupted."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    metrics.share_in(settings.CONFIG.data_dir / "metrics")
    as_json = settings.CONFIG.log.get("format") == "json"
    beside = Beside() if worker else contextlib.nullcontext()
    with beside:
        Server(
            {
                "bind": f"{host}:{port}",
                "workers": processes,
                "threads": threads,
                "worker_class": "concours.platform.bounded_worker.BoundedWorker",
                "timeout": 120,
                "graceful_timeout": 10,
                "keepalive": 15,
                "loglevel": "warning",
                "proc_name": "concours",
                "control_socket_disable": True,
                # Whose forwarding headers count is decided in one place, ProxyMiddleware.
                "forwarded_allow_ips": "",
                "logger_class": JsonLogger if as_json else Logger,
            }
        ).run()


class Beside:
    """Keeps one worker process running while the block lasts; starts it again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=10)
        if self._child is not None and self._child.poll() is None:
            self._child.kill()

    def _keep(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            started = time.monotonic()
            self._child = subprocess.Popen([sys.executable, "-m", "concours", "worker"])
            self._child.wait()
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, 60)
            self._stopping.wait(pause)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
