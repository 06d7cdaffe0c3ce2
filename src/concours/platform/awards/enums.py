from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

POINTS_MAX_MILLI = 100_000
"""A full score: 100 points in thousandths."""


class ResultState(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("replaced by a later one")


class Reason(TextChoices):
    """Why an entry stands where it stands."""

    FORMULA = "formula", _("finalist, by the formula")
    PEER_ALONE = "peer-alone", _("not a finalist: after the finalists, by peer score alone")


class LedgerKind(TextChoices):
    FUNDING = "funding", _("funding")
    AWARD = "award", _("award")
    ROUNDING = "rounding", _("rounding: too little to split among equals")
    RETURNED = "returned", _("returned: not awarded")
    REVERSED = "reversed", _("taken back: the result was replaced")
