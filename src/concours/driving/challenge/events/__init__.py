"""What happens to the ego: each event is a function that puts it into a draft.

`at` is always where on the ego's way it happens, in metres from the start.
"""

from concours.driving.challenge.events.ahead import (
    cuts_in,
    cuts_out,
    lead_brakes,
    lead_slows,
    obstacle,
)
from concours.driving.challenge.events.behind import overtakes_on_the_right
from concours.driving.challenge.events.oncoming import encroaches, turns_around, wrong_way
from concours.driving.challenge.events.people import crosses, crosses_behind_turn, steps_out
from concours.driving.challenge.events.ways import drives_across, joins

__all__ = [
    "crosses",
    "crosses_behind_turn",
    "cuts_in",
    "cuts_out",
    "drives_across",
    "encroaches",
    "joins",
    "lead_brakes",
    "lead_slows",
    "obstacle",
    "overtakes_on_the_right",
    "steps_out",
    "turns_around",
    "wrong_way",
]
