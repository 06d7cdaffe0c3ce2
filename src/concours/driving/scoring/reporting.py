"""Scores as JSON, one text for one score."""

from __future__ import annotations

import json
import math

from concours.driving.scoring.records import Loss, Part, Score


def to_json(score: Score) -> str:
    """Canonical JSON: keys sorted, no spaces, numbers as Python writes them; none is null."""
    document = {
        "preset": score.preset,
        "value": score.value,
        "fault": score.fault,
        "parts": [_part(part) for part in score.parts],
        "losses": [_loss(loss) for loss in score.losses],
    }
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _part(part: Part) -> dict[str, object]:
    return {
        "name": part.name,
        "role": part.role,
        "weight": part.weight,
        "gate": part.gate,
        "value": 100.0 * part.measure.value,
        "measured": _number(part.measure.measured),
        "unit": part.measure.unit,
        "reasons": [
            {"time": one.time, "x": one.x, "y": one.y, "words": one.words}
            for one in part.measure.reasons
        ],
    }


def _loss(loss: Loss) -> dict[str, object]:
    return {**loss._asdict(), "time": _number(loss.time)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
