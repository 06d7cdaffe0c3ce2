"""The text of a project that a search looks at."""

from __future__ import annotations

from collections.abc import Iterable

from concours.platform.register.folding import fold
from concours.platform.register.models import Donor, Project, TechnicalArea


def search_text(
    project: Project, *, areas: Iterable[TechnicalArea], donors: Iterable[Donor]
) -> str:
    """Everything that names the project, its areas or donors, folded."""
    texts = [
        project.slug, project.name, project.name_zh, project.summary, project.summary_zh,
        project.licence,
    ]  # fmt: skip
    for area in areas:
        texts += [area.name, area.name_zh]
    for donor in donors:
        texts += [donor.name, donor.name_zh]
    return fold("\n".join(texts))


def index(project: Project) -> None:
    text = search_text(project, areas=project.areas.all(), donors=project.donors.all())
    Project.objects.filter(pk=project.pk).update(search_text=text)


def index_all() -> None:
    """Donors and areas are part of a project's text: their corrections reach all of it."""
    for project in Project.objects.prefetch_related("areas", "donors").iterator(chunk_size=500):
        index(project)
