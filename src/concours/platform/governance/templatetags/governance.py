"""What other apps' pages show of governance."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.core.access import permitted
from concours.platform.governance.domain.finding import reviews_of

register = template.Library()


@register.simple_tag(takes_context=True)
def project_reviews(context: dict[str, Any], project: Any) -> list[Any]:
    """The access reviews of a project that the reader may see, the newest first, with votes."""
    return reviews_of(user=context["request"].user, project=project)


@register.simple_tag(takes_context=True)
def may_hold_reviews(context: dict[str, Any]) -> bool:
    """Whether the reader may open access reviews and move projects."""
    return permitted(context["request"].user, "governance.hold_reviews")
