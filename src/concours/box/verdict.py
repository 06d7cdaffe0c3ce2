"""How a run ended, in one word and one sentence."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from concours.box import outputs
from concours.box.capture import Capture
from concours.box.held import Held
from concours.box.order import BoxFault, Ending, Limits, Order, Outcome, Usage

BY_SIGNAL = 128
"""Added to a signal's number by whoever reports it as an exit code."""
NAMES = {one.value: one.name for one in signal.Signals}


def told(
    order: Order,
    held: Held,
    capture: Capture,
    *,
    cut: Ending | None,
    wall: float,
    collect: Path | None,
) -> Outcome:
    """The outcome of a run whose box has ended and is still held."""
    limits = order.limits
    usage, room = _usage(held, wall)
    code = held.exit_code()
    short = held.killed_for_memory()
    ending = cut or _ending(code, usage, limits, short=short, full=room == 0)
    reason = _reason(ending, code, limits)
    if collect is not None:
        try:
            refused = outputs.copy(held.scratch, collect, limits).told()
        except OSError as error:
            raise BoxFault(f"the program's files cannot be copied: {error}") from None
        reason += f"; {refused}" * bool(refused)
    return Outcome(
        ending=ending,
        exit_code=code if cut is None and code is not None and code <= BY_SIGNAL else None,
        reason=reason,
        stdout=bytes(capture.stdout),
        stderr=bytes(capture.stderr),
        usage=usage,
        layers=held.layers,
    )


def _usage(held: Held, wall: float) -> tuple[Usage, int]:
    """What was used, and how many bytes of room are left in /scratch."""
    scratch = os.fstatvfs(held.scratch)
    used = Usage(
        cpu_seconds=held.cpu_seconds(),
        wall_seconds=wall,
        peak_bytes=held.peak_bytes(),
        written_bytes=(scratch.f_blocks - scratch.f_bfree) * scratch.f_frsize,
    )
    return used, scratch.f_bfree * scratch.f_frsize


def _ending(code: int | None, usage: Usage, limits: Limits, *, short: bool, full: bool) -> Ending:
    if code == 0:
        return Ending.EXITED
    if short:
        return Ending.MEMORY
    if code is None:
        return Ending.BOX_FAULT
    number = code - BY_SIGNAL
    spent = number == signal.SIGKILL and usage.cpu_seconds >= limits.cpu_seconds
    if number == signal.SIGXCPU or spent:
        return Ending.CPU_TIME
    if number == signal.SIGXFSZ or full:
        return Ending.DISK
    return Ending.SIGNALLED if number in NAMES else Ending.EXITED


def _reason(ending: Ending, code: int | None, limits: Limits) -> str:
    number = (code or 0) - BY_SIGNAL
    return {
        Ending.EXITED: f"the program exited with {code}",
        Ending.SIGNALLED: f"the program was ended by {NAMES.get(number, number)}",
        Ending.WALL_TIME: f"the program did not end within {limits.wall_seconds:g} s",
        Ending.CPU_TIME: f"the program used more than {limits.cpu_seconds} s of CPU time",
        Ending.MEMORY: f"the program used more than {limits.memory} bytes of memory",
        Ending.DISK: f"the program wrote more than {limits.scratch_bytes} bytes, or a file of more"
        f" than {limits.file_bytes}",
        Ending.OUTPUT: f"the program printed more than {limits.output_bytes} bytes",
        Ending.STOPPED: "the run was stopped",
        Ending.BOX_FAULT: "the box ended without telling how the program did",
    }[ending]
