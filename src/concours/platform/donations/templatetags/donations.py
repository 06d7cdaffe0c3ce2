"""What other apps' pages show of donations."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.donations.domain.queries import donation_of
from concours.platform.donations.models import Donation

register = template.Library()


@register.simple_tag
def project_donation(project: Any) -> Donation | None:
    """The completed donation by which a project came in; completed ones are for everybody."""
    return donation_of(project)
