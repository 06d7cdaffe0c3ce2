"""Tags of the pages: numbers, moments, states and charts. Shapes: docs/reference/components.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concours.platform.core.currencies import minor_digits
from concours.platform.core.moments import written, written_with_zone
from concours.platform.web import charts
from concours.platform.web import markdown as markup
from concours.platform.web.icons import ICONS

register = template.Library()

TONES = {
    "good": "open started ready approved accepted done completed published graduated passed "
    "submitted-review paid verified upheld active-member scored delivered",
    "accent": "active final current",
    "info": "fetching queued running incubating registration practice ranking peer-review appeal",
    "warn": "submitted pending due under-discussion candidate preparation unverified held "
    "set-aside",
    "bad": "declined disqualified refused failed overdue defaulted rejected broken faulted",
}
_TONE_OF = {value: tone for tone, values in TONES.items() for value in values.split()}


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, **attributes: str) -> SafeString:
    """An icon of `web/icons.py`, hidden from assistive technology; KeyError for an unknown name."""
    extra = attributes.get("class", "")
    return format_html(
        '<svg class="icon icon-{}{}" viewBox="0 0 20 20" width="20" height="20" fill="none"'
        ' stroke="currentColor" stroke-width="1.6" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        name,
        f" {extra}" if extra else "",
        ICONS[name],
    )


@register.simple_tag
def state_pill(value: object, label: object = "", tone: str = "") -> SafeString:
    """A state as a pill, capitalised; its tone (good accent info warn bad off) is `value`'s."""
    key = str(value)
    chosen = tone or _TONE_OF.get(key, "off")
    return format_html('<span class="pill {}">{}</span>', chosen, capfirst(str(label or key)))


@register.simple_tag
def short_hash(digest: object, length: int = 12) -> SafeString:
    """The first characters of a digest, the whole of it in the title and on the copy button."""
    text = str(digest or "")
    if not text:
        return mark_safe("")
    return format_html(
        '<span class="hash"><code title="{}">{}</code><button type="button" class="copy"'
        ' data-copy="{}" data-done="{}" aria-label="{}">{}{}</button></span>',
        text,
        text[:length],
        text,
        _("Copied"),
        _("Copy the whole of it"),
        icon("copy"),
        icon("check"),
    )


@register.simple_tag
def money(minor: int, currency: str) -> SafeString:
    """An integer amount in minor units with its ISO 4217 code; zero cents are left out."""
    exponent = minor_digits(currency)
    sign = "−" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**exponent)
    shown = f"{whole:,}"
    if rest:
        shown = f"{shown}.{rest:0{exponent}d}"
    return format_html(
        '<data class="money" value="{}"><span class="currency">{}</span>{}{}</data>',
        minor,
        currency,
        sign,
        shown,
    )


@register.simple_tag
def markdown(text: object) -> SafeString:
    """User-written CommonMark as sanitised HTML; wrap it in `class="prose"`."""
    return mark_safe(markup.render(str(text or "")))  # noqa: S308  cleaned by nh3


def _time(value: datetime | None, style: str, *, with_time: bool) -> SafeString:
    if value is None:
        return mark_safe("")
    utc = value.astimezone(UTC)
    stamp = utc.isoformat(timespec="seconds").replace("+00:00", "Z")
    title = date_format(utc, "Y-m-d H:i") + " UTC"
    if timezone.get_current_timezone_name() != "UTC":
        # The zone that the reader chose; scripts leave it alone.
        day_alone = written(timezone.localtime(value), with_time=False)
        shown = written_with_zone(value) if with_time else day_alone
        return format_html('<time datetime="{}" title="{}">{}</time>', stamp, title, shown)
    shown = written(utc, with_time=with_time) + (" UTC" if with_time else "")
    return format_html(
        '<time datetime="{}" data-local="{}" title="{}">{}</time>', stamp, style, title, shown
    )


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Date and time in the zone that the reader chose, with UTC in the title.

    Without a choice: UTC from the server, the browser's zone once scripts run.
    """
    return _time(value, "datetime", with_time=True)


@register.simple_tag
def day(value: datetime | None) -> SafeString:
    """A date alone, of an aware moment."""
    return _time(value, "date", with_time=False)


@register.simple_tag
def countdown(value: datetime | None) -> SafeString:
    """The time left until `value`; the moment itself where scripts do not run."""
    if value is None:
        return mark_safe("")
    utc = value.astimezone(UTC)
    return format_html(
        '<span class="countdown" data-countdown="{}" data-before="{}" data-after="{}">{}</span>',
        utc.isoformat(timespec="seconds"),
        _("%s left"),
        _("over"),
        written(utc, with_time=True) + " UTC",
    )


@register.inclusion_tag("web/parts/whisker.html")
def whisker(low: int, rank: int, high: int, n: int) -> dict[str, object]:
    """A rank with its interval on an axis 1..n; 1 <= low <= rank <= high <= n."""
    return charts.whisker(low=low, rank=rank, high=high, n=n)


@register.inclusion_tag("web/parts/bar.html")
def bar(value: float, maximum: float, label: object = "", tone: str = "") -> dict[str, object]:
    """A bar of `value` out of `maximum`. Give `label` unless the value is written beside it."""
    width = charts.percent(float(value), 0, float(maximum))
    return {"width": width, "label": label, "tone": tone}


@register.inclusion_tag("web/parts/calendar.html")
def calendar(
    lanes: Sequence[charts.Lane], start: datetime, end: datetime, now: datetime | None = None
) -> dict[str, object]:
    """Lanes of spans and marks over one axis of months."""
    return charts.calendar(lanes, start=start, end=end, now=now)


@register.filter
def widget_kind(field: BoundField) -> str:
    """How `parts/field.html` lays a field out: "hidden", "check", "group" or "input"."""
    widget: Any = field.field.widget
    if field.is_hidden:
        return "hidden"
    if getattr(widget, "input_type", "") == "checkbox" and not field.use_fieldset:
        return "check"
    return "group" if field.use_fieldset else "input"
