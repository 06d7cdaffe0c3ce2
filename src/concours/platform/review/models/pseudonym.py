from __future__ import annotations

from django.db import models

from concours.platform.review.enums import AliasKind


class Pseudonym(models.Model):
    """Under which name an entry or a reviewer is known in a round.

    Read through `review.domain.identities` alone. `subject_id` is the entry's or person's key.
    """

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="pseudonyms"
    )
    kind = models.CharField(max_length=8, choices=AliasKind.choices)
    subject_id = models.BigIntegerField()
    alias = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "alias"], name="one_bearer_an_alias"),
            models.UniqueConstraint(
                fields=["round", "kind", "subject_id"], name="one_alias_a_bearer"
            ),
        ]

    def __str__(self) -> str:
        return self.alias
