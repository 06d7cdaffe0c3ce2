from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised


class Evaluator(models.Model):
    """A version of a track's evaluator: a declared program, never changed, named by its digest.

    `manifest` is what the platform needs of it (see domain.manifests); `folder` is where its files
    lie, relative to the evaluators' folder. `seed_commitment` is the SHA-256 that was published of
    the secret of its sealed cases, empty without any. `streak` lists the entries of its faulted
    runs since the last that ended well. One version of a track is active: new runs are made with
    it.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey(
        "competitions.Track", on_delete=models.PROTECT, related_name="evaluators"
    )
    name = models.SlugField(_("name"), max_length=80)
    version = models.CharField(_("version"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    folder = models.CharField(max_length=200)
    seed_commitment = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=False)
    set_aside = models.BooleanField(default=False)
    set_aside_reason = models.TextField(blank=True)
    streak = models.JSONField(default=list, blank=True)
    attached_at = models.DateTimeField()

    class Meta:
        ordering = ("track_id", "-attached_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["track", "name", "version"], name="one_evaluator_a_version"
            ),
            models.UniqueConstraint(
                fields=["track"],
                condition=models.Q(active=True),
                name="one_active_evaluator_a_track",
            ),
        ]

    def __str__(self) -> str:
        return f"{localised(self, 'title')} {self.version}"

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The numbers of a result, in the manifest's order."""
        found: list[dict[str, Any]] = self.manifest["columns"]
        return found

    def split(self, name: str) -> dict[str, Any] | None:
        """What the manifest says of that split; None where it has none."""
        found: dict[str, Any] | None = self.manifest["splits"].get(name)
        return found
