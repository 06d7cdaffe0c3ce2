"""How a try is made: the same small program inside the box and, as the control, outside."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import Any

from concours.box import Ending, Limits, Order, Outcome, run

PRELUDE = """
import ctypes, errno, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)

def attempt(act):
    try:
        got = act()
    except OSError as error:
        print(errno.errorcode.get(error.errno, error.errno), flush=True)
    else:
        print("GOT", got, flush=True)

def call(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(number, *[ctypes.c_long(one) for one in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result
"""


def program(code: str) -> list[str]:
    """The command of a try."""
    return [sys.executable, "-I", "-S", "-c", PRELUDE + textwrap.dedent(code)]


def inside(code: str, **more: Any) -> str:
    """What a try prints in the box, in which it comes to its end."""
    outcome = ended(code, **more)
    assert outcome.ending is Ending.EXITED, (outcome.reason, outcome.stderr[-800:])
    assert outcome.exit_code == 0, outcome.stderr.decode()
    return outcome.stdout.decode().strip()


def ended(code: str, **more: Any) -> Outcome:
    """How a try ends in the box, which is never at fault."""
    limits = more.pop("limits", Limits(wall_seconds=20, cpu_seconds=20))
    outcome = run(Order(argv=program(code), limits=limits, **more.pop("order", {})), **more)
    assert outcome.ending is not Ending.BOX_FAULT, outcome.reason
    return outcome


def outside(code: str, **more: Any) -> str:
    """What the same prints without a box: the bait is real."""
    done = subprocess.run(
        program(code), capture_output=True, text=True, timeout=60, check=False, **more
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
