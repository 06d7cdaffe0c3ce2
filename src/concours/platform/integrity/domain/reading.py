"""Reading a stored report."""

from __future__ import annotations

import json
from typing import Any

from concours.platform.integrity.models import IntegrityReport


def faults_of(report: IntegrityReport) -> list[str]:
    """Everything that a stored report says does not hold."""
    return faults_in(json.loads(report.content))


def faults_in(content: dict[str, Any]) -> list[str]:
    """Everything that did not hold, over all parts."""
    found = list(content["record"]["faults"])
    for track in content["tracks"]:
        for part in ("assignment", "standings", "result"):
            if track[part]:
                found += [f"{track['slug']}: {fault}" for fault in track[part]["faults"]]
        for pool in track["money"]:
            found += [f"{track['slug']}: {fault}" for fault in pool["faults"]]
    return found
