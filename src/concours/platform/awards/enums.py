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
    RESERVED = "reserved", _("reserved for appeals")
    RETURNED = "returned", _("returned: not awarded")
    REVERSED = "reversed", _("taken back: the result was replaced")


class Account(TextChoices):
    """Where money is after a result. A movement takes it out of one and puts it into another."""

    PRIZES = "prizes", _("awarded and reserved by the result")
    POOL = "pool", _("in the pool")
    HELD = "held", _("held until verified")
    RELEASED = "released", _("released, to be paid")
    PAID = "paid", _("paid")
    OWED = "owed", _("clawed back, still owed to us")
    SPONSOR = "sponsor", _("given back to the sponsor")


class MovementKind(TextChoices):
    RESERVE = "reserve", _("reserved for appeals")
    HOLD = "hold", _("awarded, on hold")
    GRANT = "grant", _("granted from the pool, on hold")
    RELEASE = "release", _("released")
    PAY = "pay", _("paid")
    WITHDRAW = "withdraw", _("taken back before payment")
    DEMAND = "demand", _("clawed back after payment")
    RECOVER = "recover", _("repaid by the winner")
    GIVE_BACK = "give-back", _("given back to the sponsor")
    UNDO = "undo", _("taken back: the result was replaced")


class PaperKind(TextChoices):
    IDENTITY = "identity", _("identity")
    LICENCE = "licence", _("licence of the entry")
    TAX = "tax", _("tax papers")


class RequestKind(TextChoices):
    RELEASE = "release", _("release")
    CLAW_BACK = "claw-back", _("claw-back")
    GRANT = "grant", _("award from the pool")
    GIVE_BACK = "give-back", _("return to the sponsor")
    BONUS = "bonus", _("bonus for reviewers")


class RequestState(TextChoices):
    OPEN = "open", _("waits for a second person")
    CONFIRMED = "confirmed", _("confirmed")
    DROPPED = "dropped", _("dropped")
