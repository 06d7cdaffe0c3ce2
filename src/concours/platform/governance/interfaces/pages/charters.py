"""Charters in readable words, and adopting one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concours.governance import Charter, preset_names, preset_text, read_charter, with_thresholds
from concours.platform.core.errors import Refused
from concours.platform.core.text import in_language_of
from concours.platform.governance import domain
from concours.platform.governance.interfaces.forms import CharterForm
from concours.platform.governance.interfaces.support import the_charter, trail
from concours.platform.governance.phrases import role_name, rule_sentences
from concours.platform.governance.rules import visible_charters
from concours.platform.register.enums import Stage
from concours.platform.web.interfaces.shared import attempt, or_hidden


@require_safe
def charter(request: HttpRequest, number: int) -> HttpResponse:
    """What a charter says, with its thresholds and sources."""
    row = the_charter(request, number)
    return render(
        request,
        "governance/charter.html",
        {
            "charter": row,
            "in_force": row == domain.charter_in_force(),
            "others": visible_charters(request.user).exclude(pk=row.pk),
            "trail": trail((request.path, row)),
            **in_words(domain.parsed(row)),
        },
    )


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The charter as it was adopted, byte for byte."""
    row = the_charter(request, number)
    return HttpResponse(row.text, content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest) -> HttpResponse:
    """Begin with a shipped charter (?preset=name) or one's own, and adopt it."""
    or_hidden(request.user, "governance.adopt_charter", None)
    preset = request.GET.get("preset", "")
    first = preset_text(preset) if preset in preset_names() else ""
    form = CharterForm(request.POST or None, initial={"text": first})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _adopt(request, form.cleaned_data))
        if made is not None:
            return redirect("governance:charter", made.number)
    return render(
        request,
        "governance/adopt.html",
        {
            "form": form,
            "presets": [(name, _title(name)) for name in preset_names()],
            "trail": trail((request.path, _("Adopt a charter"))),
        },
    )


def in_words(charter: Charter) -> dict[str, Any]:
    """Rules, bodies, steps and sources of a charter as its page shows them."""
    stages = dict(Stage.choices)
    titles = {rule.key: in_language_of(rule.title, rule.title_zh) for rule in charter.rules}
    bodies = {body.key: in_language_of(body.name, body.name_zh) for body in charter.bodies}
    return {
        "note": in_language_of(charter.note, charter.note_zh),
        "rules": [
            (titles[rule.key], bodies[rule.body], rule_sentences(rule)) for rule in charter.rules
        ],
        "bodies": [
            (body, bodies[body.key], [role_name(role) for role in body.voting])
            for body in charter.bodies
        ],
        "ways": [
            (
                [stages[origin] for origin in way.origins],
                stages[way.to],
                [titles[key] for key in way.votes],
            )
            for way in charter.transitions
        ],
        "sources": [
            (
                source,
                in_language_of(source.title, source.title_zh),
                in_language_of(source.clause, source.clause_zh),
                in_language_of(source.says, source.says_zh),
            )
            for source in charter.sources
        ],
    }


def _title(name: str) -> str:
    """Of a shipped charter."""
    shipped = read_charter(preset_text(name))
    return in_language_of(shipped.title, shipped.title_zh)


def _adopt(request: HttpRequest, given: dict[str, Any]) -> Any:
    whole = given["text"]
    if given["threshold"]:
        try:
            whole = with_thresholds(whole, given["threshold"])
        except ValueError:
            raise Refused(
                "bad-threshold",
                _("A threshold is a fraction such as 2/3 or 55%, above 0 and at most 1."),
            ) from None
    return domain.adopt_charter(actor=request.user, text=whole)
