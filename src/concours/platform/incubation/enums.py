from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MentorState(TextChoices):
    """How somebody stands to the pool of mentors."""

    INVITED = "invited", _("invited")
    ACTIVE = "active", _("takes projects")
    PAUSED = "paused", _("pauses")
    DECLINED = "declined", _("declined")
    LEFT = "left", _("left")


IN_POOL = frozenset({MentorState.ACTIVE, MentorState.PAUSED})
AWAY = frozenset({MentorState.DECLINED, MentorState.LEFT})
"""Whoever is away can be invited again."""


class Hindrance(TextChoices):
    """Why a mentor cannot take a project."""

    OWN = "own", _("maintains the project")
    AFFILIATION = "affiliation", _("shares an organisation with who maintains the project")
    DONOR = "donor", _("is a donor of the project, belongs to one, or acted for one")
    DECLARED = "declared", _("declared a conflict of interest")


class MilestoneState(TextChoices):
    OPEN = "open", _("to be reached")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")
    ENDED = "ended", _("ended with the incubation")


class ActKind(TextChoices):
    """What mentors do for a project."""

    READ = "read", _("read")
    COMMENTED = "commented", _("commented")
    SIGNED_OFF = "signed-off", _("signed off")


class ReviewState(TextChoices):
    """How far an annual review has come."""

    OPEN = "open", _("to be decided")
    DECIDED = "decided", _("decided")
    ENDED = "ended", _("ended with the incubation")


class Outcome(TextChoices):
    """What an annual review comes to."""

    CONTINUE = "continue", _("the incubation goes on")
    GRADUATE = "graduate", _("graduation is proposed")
    ARCHIVE = "archive", _("archiving is proposed")
