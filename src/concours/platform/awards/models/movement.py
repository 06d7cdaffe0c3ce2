"""The double-entry ledger: one row takes an amount from one account and puts it into another."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models

from concours.platform.awards.books import ROUTES
from concours.platform.awards.enums import Account, MovementKind

OF_POOL = (MovementKind.RESERVE, MovementKind.GIVE_BACK)
"""Movements of the pool itself; all others are of one payout."""
OF_PAYEE = (MovementKind.PAY, MovementKind.DEMAND, MovementKind.RECOVER)
"""Movements between us and one person."""


class Movement(models.Model):
    """A movement of money in minor units of the pool's currency. Only ever added.

    Triggers refuse UPDATE and DELETE. Both sides stand in one row, so the accounts of a pool sum
    to zero whatever is written.
    """

    pool = models.ForeignKey("awards.PrizePool", on_delete=models.PROTECT, related_name="movements")
    payout = models.ForeignKey(
        "awards.Payout", on_delete=models.PROTECT, related_name="movements", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    source = models.CharField(max_length=10, choices=Account.choices)
    target = models.CharField(max_length=10, choices=Account.choices)
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pool_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="a_movement_moves_something"
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (
                        models.Q(kind=kind, source=source, target=target)
                        for kind, routes in ROUTES.items()
                        for source, target in routes
                    ),
                ),
                name="a_movement_goes_its_way",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OF_POOL, payout__isnull=True)
                | ~models.Q(kind__in=OF_POOL) & models.Q(payout__isnull=False),
                name="a_movement_has_its_payout",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OF_PAYEE, user__isnull=False)
                | ~models.Q(kind__in=OF_PAYEE) & models.Q(user__isnull=True),
                name="a_payment_has_its_payee",
            ),
            models.UniqueConstraint(
                fields=["payout", "user", "kind", "reference"],
                condition=models.Q(kind__in=(MovementKind.PAY, MovementKind.RECOVER)),
                name="one_payment_a_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class Receipt(models.Model):
    """A numbered document about one payment.

    `content` is canonical JSON; `digest`, which the record holds, is the SHA-256 of it with `salt`.
    """

    season = models.ForeignKey(
        "competitions.Season", on_delete=models.PROTECT, related_name="receipts"
    )
    number = models.PositiveIntegerField()
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="receipt")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="receipts"
    )
    content = models.TextField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("season_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="one_receipt_a_number")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number as it is printed and stands in the record."""
        return f"{self.season.slug}-{self.number:05d}"
