"""What other apps' pages show of the register."""

from __future__ import annotations

from django import template

from concours.platform.register.domain.searching import area_name

register = template.Library()
register.filter("area_name", area_name)
