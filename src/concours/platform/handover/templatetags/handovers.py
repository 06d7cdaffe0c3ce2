"""Tags of the pages of entries, results and projects that lead to handovers."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.core.access import permitted
from concours.platform.handover import domain

register = template.Library()


@register.simple_tag(takes_context=True)
def entry_handover(context: Any, entry: Any) -> Any:
    """The entry's handover, where the reader may know of it."""
    return domain.live_handover(user=context["request"].user, entry=entry)


@register.simple_tag(takes_context=True)
def project_dossier(context: Any, project: Any) -> Any:
    """The dossier by which a project came in, where there is one to read."""
    return domain.dossier_of(user=context["request"].user, project=project)


@register.simple_tag(takes_context=True)
def opens_handover(context: Any, track: Any) -> bool:
    """Whether the reader hands over the winners of the track."""
    return permitted(context["request"].user, "handover.open_desk", track)
