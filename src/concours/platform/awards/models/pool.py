from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import LedgerKind
from concours.platform.core.ids import new_code
from concours.platform.core.text import localised

_POSITIVE = [LedgerKind.FUNDING, LedgerKind.REVERSED]


class PrizePool(models.Model):
    """Money set aside for a track, in minor units of one currency.

    `reserve_minor` is kept for appeals when the result is published instead of being returned.
    `kept_minor` is what is in the pool after publication: the reserve and what came back.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey(
        "competitions.Track", on_delete=models.PROTECT, related_name="prize_pools"
    )
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("total"))
    reserve_minor = models.BigIntegerField(_("reserve for appeals"), default=0)
    kept_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("track_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total_minor__gte=0), name="a_pool_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    reserve_minor__gte=0,
                    reserve_minor__lte=models.F("total_minor"),
                    kept_minor__gte=0,
                ),
                name="a_pool_keeps_what_it_has",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")


class Prize(models.Model):
    """An amount for each of the places from `place_from` to `place_to`."""

    pool = models.ForeignKey(PrizePool, on_delete=models.CASCADE, related_name="prizes")
    place_from = models.PositiveIntegerField(_("from place"))
    place_to = models.PositiveIntegerField(_("to place"))
    amount_minor = models.BigIntegerField(_("amount each"))
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)

    class Meta:
        ordering = ("pool_id", "place_from")
        constraints = [
            models.UniqueConstraint(fields=["pool", "place_from"], name="one_prize_a_place"),
            models.CheckConstraint(
                condition=models.Q(place_from__gte=1)
                & models.Q(place_to__gte=models.F("place_from"))
                & models.Q(amount_minor__gte=0),
                name="a_prize_has_places_and_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")

    @property
    def places(self) -> int:
        return self.place_to - self.place_from + 1


class LedgerLine(models.Model):
    """A movement of a pool: funding is positive, all else negative. Only ever added to.

    Once its result is published a pool's lines sum to zero; before, to its total. A line that
    `reverses` another takes it back whole, and is as positive as the other was negative.
    """

    pool = models.ForeignKey(PrizePool, on_delete=models.PROTECT, related_name="ledger")
    award = models.OneToOneField(
        "awards.Award",
        on_delete=models.PROTECT,
        related_name="ledger_line",
        null=True,
        blank=True,
    )
    kind = models.CharField(max_length=10, choices=LedgerKind.choices)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="reversal", null=True, blank=True
    )
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("pool_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=_POSITIVE, amount_minor__gte=0)
                | ~models.Q(kind__in=_POSITIVE) & models.Q(amount_minor__lte=0),
                name="only_funding_and_reversals_are_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=LedgerKind.REVERSED, reverses__isnull=False)
                | ~models.Q(kind=LedgerKind.REVERSED) & models.Q(reverses__isnull=True),
                name="a_reversal_names_what_it_reverses",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=LedgerKind.AWARD, award__isnull=False)
                | ~models.Q(kind=LedgerKind.AWARD) & models.Q(award__isnull=True),
                name="an_award_line_has_its_award",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"
