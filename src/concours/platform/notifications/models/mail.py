from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.core.ids import new_code
from concours.platform.notifications.enums import MailState


class Mail(models.Model):
    """A mail to be sent about one notification, or about a day's. Its text is made at sending.

    `key` keeps it single. While a worker holds it, `next_try_at` is the end of its lease.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_mails"
    )
    key = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_mail_a_key")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state=MailState.WAITING),
                name="mail_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"
