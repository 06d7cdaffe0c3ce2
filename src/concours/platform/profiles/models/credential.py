from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code


class IssuerKey(models.Model):
    """A public key by which the installation signs or signed. The secret half is in a file.

    One that is retired signs no more, and what it signed holds. One that is revoked was known to
    somebody else: nothing that it signed holds.
    """

    multikey = models.CharField(max_length=60, unique=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(retired_at__isnull=True),
                name="one_key_signs_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(retired_at__isnull=False),
                name="a_revoked_key_signs_no_more",
            ),
        ]

    def __str__(self) -> str:
        return self.multikey


class Credential(models.Model):
    """A signed statement of what somebody did, which they took along.

    `document` is the file as it was signed, empty once its holder is erased; `digest` the SHA-256
    of its canonical text. Its bit in the status list is at `index` of list `number`, drawn by lot.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credentials"
    )
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="credentials")
    sections = models.JSONField(default=list)
    document = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    index = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ("-issued_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["number", "index"], name="one_credential_a_status"),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False)
                | models.Q(revoked_by__isnull=True, reason=""),
                name="only_a_revoked_credential_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code
