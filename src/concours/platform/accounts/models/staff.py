from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.accounts.enums import Role


class StaffRole(models.Model):
    """A person's role in one season; without a season, in all of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles"
    )
    season = models.ForeignKey(
        "competitions.Season",
        on_delete=models.CASCADE,
        related_name="staff_roles",
        null=True,
        blank=True,
    )
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "season", "role"], name="one_role_a_season"),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(season__isnull=True),
                name="one_role_in_all_seasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.season_id or '*'}"
