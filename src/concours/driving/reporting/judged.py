"""Scores as the page shows them: what every metric found, and every loss."""

from __future__ import annotations

import math
from typing import Any

from concours.driving.scoring import Loss, Part, Score


def judged(score: Score, x0: float, y0: float) -> dict[str, Any]:
    """A score whose losses lie on the map; x0, y0: metres where its coordinates begin."""
    return {
        "value": score.value,
        "parts": [_part(part) for part in score.parts],
        "losses": [_loss(loss, x0, y0) for loss in score.losses],
    }


def _part(part: Part) -> list[Any]:
    """Name, role, weight, share kept (0 to 1), measured, its unit."""
    found = part.measure
    return [part.name, part.role, part.weight, found.value, _number(found.measured, 6), found.unit]


def _loss(loss: Loss, x0: float, y0: float) -> list[Any]:
    """Metric, points, time (s), x, y (m), words."""
    place = (_number(loss.x - x0, 2), _number(loss.y - y0, 2))
    return [loss.metric, loss.points, _number(loss.time, 4), *place, loss.words]


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
