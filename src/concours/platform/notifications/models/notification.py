from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.core.ids import new_code
from concours.platform.notifications.enums import Channel, Kind


class Notification(models.Model):
    """That something concerns a person. Its words are made anew for each reading, as they may see.

    `verb` and `subject` are the record's, or those of an occasion (a deadline that came near).
    `detail` is what of the event the words need and the subject no longer tells: a phase's kind.
    `key` is what it came of: a person is told of that once. `wish` is the channel at that moment.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=170)
    season = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    wish = models.CharField(max_length=8, choices=Channel.choices)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(
        "notifications.Mail",
        on_delete=models.SET_NULL,
        related_name="notifications",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="told_once"),
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="unread_by_user"
            ),
            models.Index(
                fields=["user"],
                condition=models.Q(wish=Channel.DIGEST, mail__isnull=True),
                name="to_digest_by_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Occasion(models.Model):
    """A moment on the clock that was told of, so that it is told of once."""

    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
