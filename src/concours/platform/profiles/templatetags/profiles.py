"""For pages of other apps that name a person."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from concours.platform.profiles.rules import visible_profiles

register = template.Library()


@register.simple_tag
def profile_address(reader: Any, person: Any) -> str:
    """Where `person` shows what they did; empty where they show nothing."""
    if visible_profiles(reader).filter(user_id=person.pk).exists():
        return reverse("profiles:profile", args=[person.code])
    return ""
