"""What other apps ask before they bring a project or donor in, and bringing a candidate in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.register.domain.importing import ProjectPlan, import_register
from concours.platform.register.enums import OWN, Stage
from concours.platform.register.models import Donor, Project, TechnicalArea


def donors_named(*, slugs: Collection[str]) -> dict[str, str]:
    """{short name: name} of those donors that the register has."""
    return dict(Donor.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def project_taken(*, slug: str, name: str) -> bool:
    """Whether a project has that short name or that name."""
    return Project.objects.filter(Q(slug=slug) | Q(name=name)).exists()


def taken_for_donors(*, slug: str, name: str) -> bool:
    """As `project_taken`, but for a candidate of our own of that short name without a donor.

    A competition's winner is in the register before it is given: its donation is of that project.
    """
    waiting = Project.objects.filter(
        slug=slug, register=OWN, stage=Stage.CANDIDATE, donations__isnull=True
    )
    taken = Project.objects.filter(Q(slug=slug) | Q(name=name))
    return taken.exclude(pk__in=waiting.values("pk")).exists()


def areas_offered() -> list[tuple[str, str]]:
    """(short name, name in the reader's language) of every technical area."""
    return [(area.slug, str(area)) for area in TechnicalArea.objects.all()]


@transaction.atomic
def enter_candidate(
    *,
    actor: Any,
    slug: str,
    name: str,
    name_zh: str = "",
    summary: str = "",
    summary_zh: str = "",
    area: str = "",
    source: str = "",
) -> Project:
    """Enter a project as a candidate, of no donor yet, on the day of the call.

    An `area` that the register does not know is left out. `source` is the digest of what it comes
    from. Raises NotPermitted, and Refused where another project has the short name or the name.
    """
    require(actor, "register.import_register")
    if project_taken(slug=slug, name=name):
        raise Refused(
            "name-taken", _("The register has a project of this name already; choose another.")
        )
    known = TechnicalArea.objects.filter(slug=area).exists()
    import_register(
        actor=actor,
        projects=[
            ProjectPlan(
                slug=slug,
                name=name,
                stage=Stage.CANDIDATE.value,
                name_zh=name_zh,
                summary=summary,
                summary_zh=summary_zh,
                areas=[area] if known else [],
                since=clock.now().date(),
            )
        ],
        source=source,
    )
    return Project.objects.get(slug=slug)
