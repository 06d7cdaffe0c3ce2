"""What other apps may ask before they bring a project or donor in."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from concours.platform.register.models import Donor, Project, TechnicalArea


def donors_named(*, slugs: Collection[str]) -> dict[str, str]:
    """{short name: name} of those donors that the register has."""
    return dict(Donor.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def project_taken(*, slug: str, name: str) -> bool:
    """Whether a project has that short name or that name."""
    return Project.objects.filter(Q(slug=slug) | Q(name=name)).exists()


def areas_offered() -> list[tuple[str, str]]:
    """(short name, name in the reader's language) of every technical area."""
    return [(area.slug, str(area)) for area in TechnicalArea.objects.all()]
