from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StageEntered(models.TextChoices):
    """The stages of the register that criteria are set for."""

    PREPARATION = "preparation", _("in preparation")
    INCUBATING = "incubating", _("incubating")
    GRADUATED = "graduated", _("graduated")


class RowMode(models.TextChoices):
    """Who finds out whether a row is met."""

    MACHINE = "machine", _("a machine")
    PERSON = "person", _("a person")
    BOTH = "both", _("a machine and a person")


class RowState(models.TextChoices):
    """How a row stands. `LAPSED` was decided, by evidence that has expired since."""

    OPEN = "to-show", _("to be shown")
    LAPSED = "lapsed", _("expired")
    UNCLEAR = "unclear", _("a machine cannot tell")
    NOT_MET = "not-met", _("not met")
    MET = "met", _("met")


class MachineVerdict(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not-met", _("not met")
    CANNOT_TELL = "cannot-tell", _("a machine cannot tell")


class EvidenceKind(models.TextChoices):
    FILE = "file", _("file")
    ADDRESS = "address", _("address")
