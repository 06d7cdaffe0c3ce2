"""The cards of the register's list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from concours.platform.web.templatetags.concours import state_pill

register = template.Library()
_CARD = """<article class="card">
  <p class="eyebrow flush">{}</p>
  <h3><a href="{}">{}</a></h3>
  {}
  <div class="card-foot">{}<span>{}{}</span></div>
</article>"""


@register.simple_tag
def project_card(card: Mapping[str, Any]) -> SafeString:
    """A project as `interfaces.pages` lists it. Thirty stand on a page: no template each."""
    return format_html(
        _CARD,
        card["areas"],
        card["href"],
        card["title"],
        format_html("<p>{}</p>", card["text"]) if card["text"] else "",
        state_pill(card["stage"], card["stage_name"]),
        card["donors"],
        f" {_('and others')}" if card["more_donors"] else "",
    )
