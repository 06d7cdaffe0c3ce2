"""A profile as everybody sees it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.profiles import domain
from concours.platform.profiles.rules import visible_profiles


@never_cache
@require_safe
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """404 for whoever does not show one, as for nobody."""
    rows = visible_profiles(request.user).select_related("user")
    found = get_object_or_404(rows, user__code=code)
    person = found.user
    context = {
        "person": person,
        "profile": found,
        "told": domain.told_of(user=person, sections=found.sections),
        "trail": [
            ("/", _("Home")),
            (reverse("people:person", args=[person.code]), person.display_name),
            ("", _("What they did")),
        ],
    }
    answer = render(request, "profiles/profile.html", context)
    if not found.indexed:
        answer["X-Robots-Tag"] = "noindex"
    return answer
