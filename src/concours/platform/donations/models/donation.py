from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised
from concours.platform.donations.enums import DonationState
from concours.platform.register.enums import DonorKind


class Donation(models.Model):
    """A project on its way into the foundation's care.

    `slug` is the short name that the project is to have in the register. `undivided` says that the
    donors give together, without shares. `receiver` is the foundation's name in the agreement.
    `place` and `held_on` are those of the signing ceremony; `signed_on` is the day on which both
    sides had signed.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    slug = models.SlugField(max_length=80)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=5_000, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=5_000, blank=True)
    areas = models.ManyToManyField("register.TechnicalArea", related_name="+")
    homepage = models.URLField(_("home page"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    undivided = models.BooleanField(default=False)
    state = models.CharField(
        max_length=12, choices=DonationState.choices, default=DonationState.DRAFT
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    receiver = models.CharField(max_length=200, blank=True)
    receiver_zh = models.CharField(max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    place_zh = models.CharField(_("place in Chinese"), max_length=200, blank=True)
    held_on = models.DateField(null=True, blank=True)
    in_order = models.BooleanField(default=False)
    witnesses_wanted = models.PositiveSmallIntegerField(default=1)
    signed_on = models.DateField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        indexes = [models.Index(fields=["state"], name="donation_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=DonationState.COMPLETED)
                | models.Q(
                    project__isnull=False, signed_on__isnull=False, completed_at__isnull=False
                ),
                name="a_completed_donation_is_registered",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "name")


class Party(models.Model):
    """One of those who give. `address` and `registered_as` stand in the agreement alone.

    `share` is numerator over denominator, exact; none where it is not said yet or undivided.
    """

    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField(default=1)
    slug = models.SlugField(max_length=80)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(
        max_length=20, choices=DonorKind.choices, default=DonorKind.LEGAL_ENTITY
    )
    registered_as = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    share_numerator = models.PositiveIntegerField(null=True, blank=True)
    share_denominator = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("donation_id", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["donation", "slug"], name="one_party_a_donor"),
            models.CheckConstraint(
                condition=models.Q(share_numerator__isnull=True, share_denominator__isnull=True)
                | models.Q(
                    share_numerator__gte=1,
                    share_denominator__gte=1,
                    share_numerator__lte=models.F("share_denominator"),
                ),
                name="a_share_is_above_nothing_and_at_most_all",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "name")

    @property
    def share(self) -> Fraction | None:
        if self.share_numerator is None or not self.share_denominator:
            return None
        return Fraction(self.share_numerator, self.share_denominator)


class Finding(models.Model):
    """What staff found in the preliminary review; open until they settle it."""

    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="findings")
    text = models.TextField(max_length=5_000)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("donation_id", "pk")

    def __str__(self) -> str:
        return self.text[:80]
