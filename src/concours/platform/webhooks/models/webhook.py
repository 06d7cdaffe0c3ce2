from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.webhooks.enums import DeliveryState, WebhookState


class Webhook(models.Model):
    """An address that is told of a season's public news. The secret is stored encrypted.

    While its receiver fails, nothing goes there before `next_try_at`.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    season = models.ForeignKey(
        "competitions.Season", on_delete=models.CASCADE, related_name="webhooks"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks"
    )
    url = models.CharField(_("address"), max_length=2_000)
    verbs = models.JSONField(default=list)
    sealed_secret = models.TextField()
    state = models.CharField(
        max_length=10, choices=WebhookState.choices, default=WebhookState.ACTIVE
    )
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("season_id", "pk")

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event to be told to one webhook. `code` is the message's id, the same at each try.

    `status` is the receiver's last answer, 0 without one; `fault` says why there was none.
    """

    code = models.CharField(max_length=20, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    seq = models.BigIntegerField()
    verb = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "seq"], name="one_delivery_an_event")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "next_try_at"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="delivery_to_make",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"
