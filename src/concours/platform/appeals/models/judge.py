from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppealJudge(models.Model):
    """Somebody appointed to judge a track's appeals beside its staff."""

    track = models.ForeignKey(
        "competitions.Track", on_delete=models.CASCADE, related_name="appeal_judges"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeal_judge_roles"
    )
    appointed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "appointed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["track", "user"], name="one_appeal_judge_a_person_a_track"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.track_id}"


class Recusal(models.Model):
    """That somebody stands aside from an appeal by their own word."""

    appeal = models.ForeignKey("appeals.Appeal", on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2_000)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("appeal_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["appeal", "user"], name="one_recusal_a_judge")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.appeal_id}"


class AppealReminder(models.Model):
    """That those who judge were reminded of an appeal `days` days before it is to be decided."""

    appeal = models.ForeignKey("appeals.Appeal", on_delete=models.CASCADE, related_name="reminders")
    days = models.SmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "days"], name="one_appeal_reminder_a_distance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}, {self.days} d"
