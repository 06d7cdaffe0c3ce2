"""The one table of which verb of the record tells whom what.

A verb that is not here tells nobody. Words are filled with what `words.values_of` knows of the
subject; they name no person, because who they reach may not be one who may know.
"""

from __future__ import annotations

from concours.platform.notifications.domain.lines import (
    accounts,
    competing,
    foundation,
    handing,
    incubation,
    results,
    reviewing,
    teams,
)
from concours.platform.notifications.domain.lines.line import Line

LINES: dict[str, Line] = {
    **teams.LINES,
    **competing.LINES,
    **reviewing.LINES,
    **results.LINES,
    **foundation.LINES,
    **handing.LINES,
    **incubation.LINES,
    **accounts.LINES,
}
