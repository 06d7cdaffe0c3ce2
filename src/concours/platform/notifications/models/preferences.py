from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.notifications.enums import Channel, Kind


class Preference(models.Model):
    """In which time zone (of the IANA database) a person reads moments; UTC without a row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preference"
    )
    time_zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return f"{self.user_id} in {self.time_zone}"


class ChannelChoice(models.Model):
    """How a person wants to learn of one kind; the kind's default without a row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_choices"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_channel_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} for {self.user_id}"


class KnownPlace(models.Model):
    """That a person has signed in from a network with a browser: a keyed digest, no address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_places"
    )
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_known_place")]

    def __str__(self) -> str:
        return f"a place of {self.user_id}"
