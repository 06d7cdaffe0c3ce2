from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HandoverState(TextChoices):
    ASKED = "asked", _("the captain is asked")
    AGREED = "agreed", _("the captain agrees")
    DECLINED = "declined", _("the captain does not agree")
    DONE = "done", _("handed over")
    TAKEN_BACK = "taken-back", _("taken back")


BEFORE_THE_ACT = frozenset({HandoverState.ASKED, HandoverState.AGREED, HandoverState.DECLINED})
"""The states in which people still say what may go along."""
