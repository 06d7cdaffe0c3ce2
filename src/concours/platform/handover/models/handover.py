from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.handover.enums import HandoverState


class Handover(models.Model):
    """That an entry is to become a project of the register, from the question to the act.

    `agreed_by` is the captain who agreed, `repository_shown` whether the address that the snapshot
    was fetched from may stand beside the dossier. `reason` is why it was taken back.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="handovers"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=HandoverState.choices, default=HandoverState.ASKED
    )
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    repository_shown = models.BooleanField(default=False)
    project = models.ForeignKey(
        "register.Project",
        on_delete=models.PROTECT,
        related_name="handovers",
        null=True,
        blank=True,
    )
    done_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=~models.Q(state=HandoverState.TAKEN_BACK),
                name="one_handover_an_entry",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=HandoverState.AGREED)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[HandoverState.DONE, HandoverState.TAKEN_BACK])
                | models.Q(project__isnull=False, done_at__isnull=False),
                name="handed_over_to_a_project",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MemberWish(models.Model):
    """What a member of the team says for themselves: to be named, to be asked to mentor.

    `member` is the code under which dossiers know them; it tells nothing, and stays where accounts
    are merged.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="wishes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handover_wishes"
    )
    member = models.CharField(max_length=12)
    named = models.BooleanField(default=False)
    mentors = models.BooleanField(default=False)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("handover_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "user"], name="one_wish_a_member_a_handover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.handover_id}"


class ReviewLeave(models.Model):
    """A reviewer's leave that a review of theirs goes along, under no name.

    `duty` is the code of its assignment. Withdrawn leave takes the text away from beside a dossier.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="leaves")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    duty = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("handover_id", "pk")
        verbose_name = _("leave of a reviewer")
        verbose_name_plural = _("leaves of reviewers")
        constraints = [
            models.UniqueConstraint(fields=["handover", "duty"], name="one_leave_a_review")
        ]

    def __str__(self) -> str:
        return f"{self.duty} in {self.handover_id}"


class Dossier(models.Model):
    """What went along with an entry; nothing of it is changed.

    `content` is canonical JSON (see handover.document) and `digest` its SHA-256.
    """

    handover = models.OneToOneField(Handover, on_delete=models.PROTECT, related_name="dossier")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("handover_id",)
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def __str__(self) -> str:
        return self.digest
