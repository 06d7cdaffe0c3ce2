"""What the tests of the box ask for again and again."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from concours.box import Order, run

PYTHON = sys.executable


def python(code: str, **more: Any) -> Order:
    """A small program, run by this interpreter."""
    return Order(argv=[PYTHON, "-I", "-S", "-c", code], **more)


def _works() -> bool:
    return run(Order(argv=["true"])).completed


needs_box = pytest.mark.skipif(not _works(), reason="no box on this machine")
