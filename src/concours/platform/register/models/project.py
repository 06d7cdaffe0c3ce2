from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised
from concours.platform.register.enums import OWN, Stage


class Project(models.Model):
    """A project in the foundation's care, or in that of another whose `register` stands beside.

    `stage` is the last one of its changes of stage. `register` is OWN or another's short name.
    `more_donors` says that its list of donors is known not to be complete. `search_text` holds all
    that a search looks at, folded by `register.folding.fold`: databases fold letters differently.
    """

    slug = models.SlugField(max_length=80, unique=True)
    register = models.SlugField(_("register"), max_length=20, default=OWN, db_default=OWN)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=5_000, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=5_000, blank=True)
    areas = models.ManyToManyField(
        "register.TechnicalArea", related_name="projects", verbose_name=_("technical areas")
    )
    donors = models.ManyToManyField(
        "register.Donor", through="register.Donation", related_name="projects"
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices)
    homepage = models.URLField(_("home page"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    more_donors = models.BooleanField(_("there are more donors"), default=False)
    search_text = models.TextField(editable=False, default="")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(fields=["register", "name"], name="one_name_in_a_register")
        ]
        indexes = [
            models.Index(fields=["stage"], name="project_by_stage"),
            models.Index(fields=["register", "stage"], name="project_by_register_and_stage"),
        ]

    def __str__(self) -> str:
        return localised(self, "name")
