"""What is told of submissions, evaluations and phases."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _phase_begun(event: Any) -> str:
    return str(json.loads(event.data).get("to", ""))


def _run(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.SUBMISSION, who=concerned.ordinary_run, title=title, text=text)


def _phase(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.PHASE, who=concerned.entrants, title=title, text=text)


LINES: dict[str, Line] = {
    "submission.refused": Line(
        kind=Kind.SUBMISSION,
        who=concerned.members,
        title=_("Submission %(number)s was refused"),
        text=_("It is of “%(entry)s” in “%(track)s”. The reason is on the entry’s page."),
        own=True,
    ),
    "submission.fetched": Line(
        kind=Kind.SUBMISSION,
        who=concerned.members,
        title=_("Submission %(number)s was fetched"),
        text=_("The snapshot of “%(entry)s” in “%(track)s” is complete."),
        own=True,
    ),
    "evaluation.scored": _run(
        _("Submission %(number)s was evaluated"),
        _("An evaluation of “%(entry)s” in “%(track)s” has ended with a score."),
    ),
    "evaluation.failed": _run(
        _("Submission %(number)s failed its evaluation"),
        _("An evaluation of “%(entry)s” in “%(track)s” could not be scored; its page says why."),
    ),
    "evaluation.faulted": _run(
        _("Submission %(number)s could not be evaluated"),
        _("That is our fault: an evaluation of “%(entry)s” in “%(track)s” waits for staff."),
    ),
    "track.started": _phase(
        _("“%(track)s” has started"), _("See its page for what may be done now.")
    ),
    "phase.advanced": Line(
        kind=Kind.PHASE,
        who=concerned.entrants,
        detail=_phase_begun,
        title=_("A new phase in “%(track)s”: %(phase)s"),
        text=_("It ends on %(phase_ends)s."),
    ),
    "phase.ends-soon": _phase(
        _("Soon over in “%(track)s”: %(phase)s"), _("The phase ends on %(phase_ends)s.")
    ),
    "track.closed": _phase(_("“%(track)s” is closed"), _("It stays readable.")),
}
