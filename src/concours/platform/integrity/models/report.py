from __future__ import annotations

from django.db import models


class IntegrityReport(models.Model):
    """What a season's record held when somebody asked. A new report is the next number.

    `content` is canonical JSON (see domain.gathering) and `digest` its SHA-256.
    """

    season = models.ForeignKey(
        "competitions.Season", on_delete=models.CASCADE, related_name="integrity_reports"
    )
    number = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("season_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="one_report_a_number")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The report's name in the record."""
        return f"{self.season.slug}/{self.number}"
