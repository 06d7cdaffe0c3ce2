"""What the tests of the box ask for again and again."""

from __future__ import annotations

import sys
from typing import Any

from concours.box import Order

PYTHON = sys.executable


def python(code: str, **more: Any) -> Order:
    """A small program, run by this interpreter."""
    return Order(argv=[PYTHON, "-I", "-S", "-c", code], **more)
