from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised


class Body(models.Model):
    """A body that charters name, such as a technical oversight committee."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return localised(self, "name")


class Membership(models.Model):
    """That somebody holds a role in a body in since <= moment < until."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="body_memberships"
    )
    role = models.SlugField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("body_id", "since", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "user"],
                condition=models.Q(until__isnull=True),
                name="one_open_membership_a_body",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.body_id}"


class Meeting(models.Model):
    """A meeting of a body, and who came."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField()
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ("-held_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["body", "held_at"], name="one_meeting_a_moment")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """That somebody came to a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="one_attendance_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.meeting_id}"
