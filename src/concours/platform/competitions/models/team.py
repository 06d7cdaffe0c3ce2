from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import InvitationState
from concours.platform.core.ids import new_code
from concours.platform.core.wording import spelling


class Team(models.Model):
    """People who enter a season's tracks together; an individual is a team of one."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    season = models.ForeignKey(
        "competitions.Season", on_delete=models.CASCADE, related_name="teams"
    )
    name = models.CharField(_("name"), max_length=100)
    # What other spellings of the name share; the names as written may differ in case or width.
    name_key = models.CharField(max_length=2_000, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["season", "name_key"], name="one_team_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = spelling(self.name)
        super().save(*args, **kwargs)


class Membership(models.Model):
    """That a person is of a team. The captain answers for it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    captain = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ("-captain", "joined_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_person"),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(captain=True), name="one_captain_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class TeamMerge(models.Model):
    """An offer of one team's captain to become part of another, for its captain to accept."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="merges_offered")
    into = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="merges_received")
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ("-offered_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(state=InvitationState.OPEN),
                name="one_open_merge_a_team",
            ),
            models.CheckConstraint(
                condition=~models.Q(team=models.F("into")), name="no_merge_with_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} into {self.into_id}"


class Invitation(models.Model):
    """An offer to join a team, addressed by e-mail. Only the digest of its link's key is stored."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    key_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    resent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-invited_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                condition=models.Q(state=InvitationState.OPEN),
                name="one_open_invitation_an_address",
            )
        ]
        indexes = [models.Index(fields=["email", "invited_at"], name="invitation_by_address")]

    def __str__(self) -> str:
        return f"{self.email} to {self.team_id}"
