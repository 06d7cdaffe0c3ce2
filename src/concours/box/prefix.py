"""A command line to put before another one, so that it runs in the box."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from concours.box.order import BadOrder, Limits, Mount, Order


def prefix(order: Order) -> list[str]:
    """Words to put before a command; `order.argv` is left out of account.

    Whoever starts it chooses what the program gets: all descriptors that are handed down are kept,
    stdin to stderr as well. Started in an empty folder, the program finds its scratch under that
    folder's path, and nothing of what it writes there outside. Of the environment it keeps
    launching.PASSED. SIGTERM is passed on to the program; at SIGUSR1 its time, of the wall and of
    the processors, begins again; when the launcher is killed, so is all in the box. Ends with the
    program's exit code, or as box faults do, with launching.FAULT.

    Raises BadOrder for what cannot be had in this way: an image, a file for stdin.
    """
    if order.image is not None or order.stdin is not None or order.keep_fds:
        raise BadOrder("in front of a command there is no image, no stdin and no choice of files")
    return [sys.executable, "-I", "-B", "-m", "concours.box.launching", written(order), "--"]


def written(order: Order) -> str:
    """An order as text."""
    return json.dumps(
        {
            "limits": asdict(order.limits),
            "mounts": [[str(one.source.absolute()), one.target] for one in order.mounts],
            "environment": dict(order.environment),
            "cwd": order.cwd,
            "loopback": order.loopback,
        }
    )


def read(text: str, argv: list[str], environment: Mapping[str, str]) -> Order:
    """The order from its text. Raises BadOrder."""
    try:
        told: dict[str, Any] = json.loads(text)
        mounts = tuple(Mount(source=Path(one), target=two) for one, two in told.pop("mounts"))
        made = Order(argv=argv, mounts=mounts, limits=Limits(**told.pop("limits")), **told)
    except (ValueError, TypeError, KeyError) as error:
        raise BadOrder(f"this is no order: {error}") from None
    return replace(made, environment={**environment, **made.environment})
