from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.incubation.enums import MentorState


class Mentor(models.Model):
    """How a person stands to the pool of mentors: invited, in it, or away from it.

    `why` is what the invitation says, `left_why` what was given as the reason of going: both are
    for that person and for those who keep the pool, and not in the record.
    `most_projects` is how many they take at once.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentor"
    )
    state = models.CharField(
        max_length=10, choices=MentorState.choices, default=MentorState.INVITED
    )
    areas = models.ManyToManyField(
        "register.TechnicalArea", related_name="+", blank=True, verbose_name=_("technical areas")
    )
    most_projects = models.PositiveSmallIntegerField(_("most projects at once"), default=3)
    why = models.TextField(_("why"), max_length=2_000, blank=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_why = models.TextField(max_length=2_000, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most_projects__gte=1, most_projects__lte=20),
                name="a_mentor_takes_some_projects",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Mentoring(models.Model):
    """That a mentor looks after a project in assigned_at <= moment < ended_at.

    `ended_why` is for that person and for those who keep the pool, and not in the record.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="mentorings")
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="mentorings"
    )
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(max_length=2_000, blank=True)

    class Meta:
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "project"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_mentoring_a_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} of {self.project_id}"


class DeclaredConflict(models.Model):
    """That a mentor says they should not look after a project, and why.

    The reason is for that person and for those who keep the pool.
    """

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="conflicts")
    project = models.ForeignKey("register.Project", on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(_("reason"), max_length=2_000)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("mentor_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "project"], name="one_declared_conflict_a_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id}, {self.project_id}"
