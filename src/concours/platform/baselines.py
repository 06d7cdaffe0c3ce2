"""A track's baselines, entered by teams of their own, so that a newcomer has something to beat."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from concours.driving.baselines import NAMES
from concours.platform.accounts.domain.people import create_person
from concours.platform.competitions import domain as competitions
from concours.platform.evaluations import domain as evaluations

ABSTRACTS = {
    "still": "Never moves. Whatever scores less is broken.",
    "follow": "Follows its way at a steady pace and minds nobody.",
    "careful": "Follows its way, predicts the others, stops for them and for red lights.",
}


def enter_baselines(*, actor: Any, track: Any) -> list[Any]:
    """Enter and submit every baseline in a track that drives; their entries, none elsewhere.

    Their runs wait in the queue like anybody's; they are out of competition.
    """
    evaluator = evaluations.active_evaluator(track=track)
    rules = competitions.current_rules(track)
    if evaluator is None or evaluator.kind != "driving" or rules is None:
        return []
    entries = []
    for name in NAMES:
        person = create_person(
            actor=actor, email=f"{name}@baselines.example", name=f"Baseline {name}"
        )
        entry = competitions.enter_alone(
            actor=person,
            track=track,
            team_name=f"Baseline {name}",
            title=name.capitalize(),
            abstract=ABSTRACTS[name],
            accepted_rules=rules.number,
        )
        with tempfile.TemporaryDirectory(prefix="concours-baseline-") as folder:
            path = Path(folder) / f"{name}.zip"
            path.write_bytes(evaluations.starter(track=track, name=name))
            competitions.submit_archive(actor=person, entry=entry, path=path)
        entries.append(competitions.mark_baseline(actor=actor, entry=entry))
    return entries
