"""Tags of the pages that show runs."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.evaluations.interfaces.pages.runs import entry_context

register = template.Library()


@register.inclusion_tag("evaluations/parts/entry.html", takes_context=True)
def entry_runs(context: Any, entry: Any) -> dict[str, Any]:
    """The section with an entry's runs; nothing where its track makes none."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        **(entry_context(request.user, entry) or {"entry": None}),
    }
