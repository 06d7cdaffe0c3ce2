"""One way to write facts down, so that they have one digest.

As the driving engine's; here again, because importing that engine costs seconds, which the workers
of plain evaluators need not spend.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of_facts(facts: Any) -> str:
    """SHA-256 of JSON with sorted keys and no space, UTF-8. Raises ValueError for NaN."""
    text = json.dumps(
        facts, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
