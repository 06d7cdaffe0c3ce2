"""How much a test tries: everything with CONCOURS_CI=1, less from day to day."""

from __future__ import annotations

import os

FULL = os.environ.get("CONCOURS_CI") == "1"


def examples(count: int) -> int:
    """`count` examples for Hypothesis in full, a quarter of them (at least 4) otherwise."""
    return count if FULL else max(count // 4, min(count, 4))
