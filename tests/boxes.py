"""Tests that run strangers' programs: without a box they skip, and in CI they fail.

A CI that has no box proves nothing of what is run in one.
"""

from __future__ import annotations

import os

import pytest

from concours import box

IN_CI = os.environ.get("CONCOURS_CI") == "1"


def lacking() -> str:
    """Why strangers' programs are refused on this machine; "" where they are run."""
    try:
        box.strongest()
    except box.BoxMissing as missing:
        return str(missing)
    return ""


needs_box = pytest.mark.skipif(not IN_CI and bool(lacking()), reason="no box on this machine")


def require_box() -> None:
    """Skip the test that asks, or in CI fail it, where there is no box."""
    if why := lacking():
        (pytest.fail if IN_CI else pytest.skip)(why)
