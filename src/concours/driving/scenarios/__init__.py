"""ASAM OpenSCENARIO XML 1.0 to 1.3: read, checked, and its storyboard played."""

from __future__ import annotations

from concours.driving.scenarios.checking import Checked, check, examine, find_map
from concours.driving.scenarios.errors import BadScenario, Place
from concours.driving.scenarios.findings import Finding, Severity
from concours.driving.scenarios.loading import load
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.variations import Variation, Variations, variations

__all__ = [
    "BadScenario",
    "Checked",
    "Finding",
    "Place",
    "Scenario",
    "Severity",
    "Variation",
    "Variations",
    "check",
    "examine",
    "find_map",
    "load",
    "variations",
]
