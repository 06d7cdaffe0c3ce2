"""What becomes of an award: held, released, paid, and perhaps taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import PaperKind, RequestKind, RequestState
from concours.platform.core.ids import new_code
from concours.platform.core.text import localised


class MoneyTerms(models.Model):
    """How a season pays. Without a row: every release and claw-back takes two people."""

    season = models.OneToOneField(
        "competitions.Season", on_delete=models.CASCADE, related_name="money_terms"
    )
    four_eyes = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "money terms"

    def __str__(self) -> str:
        return f"{self.season_id}: {'two people' if self.four_eyes else 'one person'}"


class Payout(models.Model):
    """The money of an award, or of a grant from the pool, in minor units of the pool's currency.

    The five balances follow from the movements and always sum to the amount; `back_minor` is what
    went back into the pool. The amount changes only when the result is replaced: it is then what
    the entry wins by the new one, perhaps nothing.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    pool = models.ForeignKey("awards.PrizePool", on_delete=models.PROTECT, related_name="payouts")
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="payouts"
    )
    award = models.OneToOneField(
        "awards.Award", on_delete=models.PROTECT, related_name="payout", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    amount_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    owed_minor = models.BigIntegerField(default=0)
    back_minor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ("pool_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor=models.F("held_minor")
                    + models.F("released_minor")
                    + models.F("paid_minor")
                    + models.F("owed_minor")
                    + models.F("back_minor")
                ),
                name="a_payout_balances",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor__gte=0,
                    held_minor__gte=0,
                    released_minor__gte=0,
                    paid_minor__gte=0,
                    owed_minor__gte=0,
                    back_minor__gte=0,
                ),
                name="a_payout_is_never_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")

    @property
    def standing_minor(self) -> int:
        """What is the winner's now, paid or not."""
        return self.held_minor + self.released_minor + self.paid_minor


class PayoutShare(models.Model):
    """A member's part of an award, as the captain declared it: `parts` of all parts."""

    payout = models.ForeignKey(Payout, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="award_shares"
    )
    parts = models.PositiveIntegerField(_("parts"))

    class Meta:
        ordering = ("payout_id", "user_id")
        constraints = [
            models.UniqueConstraint(fields=["payout", "user"], name="one_share_a_person"),
            models.CheckConstraint(
                condition=models.Q(parts__gte=1, parts__lte=10_000), name="a_share_has_parts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parts} for {self.user_id}"


class Paper(models.Model):
    """That staff has seen a winner's paper. What it says is not kept, only who looked and when."""

    payout = models.ForeignKey(Payout, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=10, choices=PaperKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("what was seen"), max_length=200)
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("payout_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["payout", "kind", "user"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_paper_a_kind_and_person",
            ),
            models.UniqueConstraint(
                fields=["payout"],
                condition=models.Q(withdrawn_at__isnull=True, user__isnull=True),
                name="one_licence_a_payout",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=PaperKind.LICENCE, user__isnull=True)
                | ~models.Q(kind=PaperKind.LICENCE) & models.Q(user__isnull=False),
                name="papers_are_a_persons_but_the_licence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class MoneyRequest(models.Model):
    """An act on money that somebody asked for and somebody else has to confirm.

    `asked_by` and `decided_by` are named as in the record. `four_eyes` is the season's term at the
    time of asking.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    pool = models.ForeignKey("awards.PrizePool", on_delete=models.PROTECT, related_name="requests")
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, related_name="requests", null=True, blank=True
    )
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=1_000)
    title = models.CharField(max_length=200, blank=True)
    title_zh = models.CharField(max_length=200, blank=True)
    four_eyes = models.BooleanField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["payout"],
                condition=models.Q(state=RequestState.OPEN),
                name="one_open_request_a_payout",
            ),
            models.UniqueConstraint(
                fields=["pool"],
                condition=models.Q(state=RequestState.OPEN, payout__isnull=True),
                name="one_open_request_a_pool",
            ),
            models.CheckConstraint(
                condition=~models.Q(four_eyes=True, state=RequestState.CONFIRMED)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="who_asks_does_not_confirm",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.OPEN, decided_at__isnull=True)
                | ~models.Q(state=RequestState.OPEN) & models.Q(decided_at__isnull=False),
                name="a_decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="a_request_has_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"
