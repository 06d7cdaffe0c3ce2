from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.governance.enums import LIVE_STATES, VoidReason, VoteState


class Vote(models.Model):
    """One vote of a review. Ballots are taken in opens_at <= now < closes_at.

    `rule` holds the facts of the charter's rule as it was when the vote was called. `electorate` is
    frozen at the opening: [{"voter", "role", "recused", "suspended", "lost_role"}]. `outcome` is
    what the count came to, `listed` the ballots of a secret vote without their voters.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    review = models.ForeignKey(
        "governance.AccessReview", on_delete=models.PROTECT, related_name="votes"
    )
    body = models.ForeignKey("governance.Body", on_delete=models.PROTECT, related_name="votes")
    rule = models.JSONField()
    state = models.CharField(max_length=10, choices=VoteState.choices, default=VoteState.CALLED)
    called_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    electorate = models.JSONField(default=list, blank=True)
    chair = models.CharField(max_length=80, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    listed = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=20, choices=VoidReason.choices, blank=True)
    void_note = models.TextField(max_length=2_000, blank=True)

    class Meta:
        ordering = ("-opens_at", "-pk")
        indexes = [models.Index(fields=["state", "closes_at"], name="vote_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(state__in=[VoteState.CALLED, VoteState.OPEN]),
                name="one_live_vote_a_review",
            ),
            models.CheckConstraint(
                condition=models.Q(called_at__lte=models.F("opens_at"))
                & models.Q(opens_at__lt=models.F("closes_at")),
                name="a_vote_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.pk}"

    @property
    def live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def secret(self) -> bool:
        return bool(self.rule["secret"])


class Ballot(models.Model):
    """A ballot as it was cast. Changed ones are kept; the `current` one stands.

    Of an open vote `choice`, `reason` and `salt` say what `commitment` commits to. Of a secret vote
    these are empty, and `sealed` holds them, with the ballot's tracker, under the installation's
    secret.
    """

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ballots"
    )
    choice = models.SmallIntegerField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=5_000, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    commitment = models.CharField(max_length=64)
    cast_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ("vote_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "voter"],
                condition=models.Q(current=True),
                name="one_standing_ballot_a_voter",
            )
        ]

    def __str__(self) -> str:
        return f"{self.voter_id} in {self.vote_id}"


class Recusal(models.Model):
    """That somebody stands aside from a vote by their own word."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2_000)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("vote_id", "pk")
        constraints = [models.UniqueConstraint(fields=["vote", "user"], name="one_recusal_a_voter")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.vote_id}"
