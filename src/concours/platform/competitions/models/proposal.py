from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import ProposalState
from concours.platform.core.ids import new_code


class TrackProposal(models.Model):
    """An answer to a season's public call for tracks."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    season = models.ForeignKey(
        "competitions.Season", on_delete=models.CASCADE, related_name="proposals"
    )
    batch = models.ForeignKey(
        "competitions.Batch", on_delete=models.PROTECT, related_name="proposals"
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="track_proposals"
    )
    topic = models.CharField(_("topic"), max_length=200)
    category = models.CharField(_("category"), max_length=100)
    technical_area = models.SlugField(_("technical area"), max_length=80, blank=True)
    owner = models.CharField(_("owner of the track"), max_length=200)
    description = models.TextField(_("what is asked and why"), max_length=20_000)
    rules = models.TextField(_("rules"), max_length=100_000)
    format = models.TextField(_("format of entries"), max_length=20_000)
    prizes = models.TextField(_("prizes"), max_length=5_000, blank=True)
    state = models.CharField(
        max_length=12, choices=ProposalState.choices, default=ProposalState.SUBMITTED
    )
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="decided_proposals",
        null=True,
        blank=True,
    )
    decision_reason = models.TextField(_("reasons"), max_length=5_000, blank=True)
    track = models.OneToOneField(
        "competitions.Track",
        on_delete=models.PROTECT,
        related_name="proposal",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ("-proposed_at",)

    def __str__(self) -> str:
        return self.topic


class ProposalComment(models.Model):
    """One contribution to a proposal's discussion; public."""

    proposal = models.ForeignKey(TrackProposal, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=5_000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.text[:60]
