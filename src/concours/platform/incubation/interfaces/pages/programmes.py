"""Programmes in readable words, and adopting one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concours.platform.core.text import in_language_of
from concours.platform.incubation import domain
from concours.platform.incubation.interfaces.forms import ProgrammeForm
from concours.platform.incubation.interfaces.support import trail
from concours.platform.incubation.programme import preset_names, preset_text, read_programme
from concours.platform.incubation.rules import visible_programmes
from concours.platform.web.interfaces.shared import attempt, or_hidden


@require_safe
def programme(request: HttpRequest, number: int) -> HttpResponse:
    """What a programme asks, with its sources."""
    row = get_object_or_404(visible_programmes(request.user), number=number)
    said = domain.parsed(row)
    context = {
        "version": row,
        "said": said,
        "note": in_language_of(said.note, said.note_zh),
        "sources": [(one, in_language_of(one.says, one.says_zh)) for one in said.sources],
        "in_force": row == domain.programme_in_force(),
        "others": visible_programmes(request.user).exclude(pk=row.pk)[:50],
        "trail": trail(("", row)),
    }
    return render(request, "incubation/programme.html", context)


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The programme as it was adopted, byte for byte."""
    row = get_object_or_404(visible_programmes(request.user), number=number)
    return HttpResponse(row.text, content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest) -> HttpResponse:
    """Begin with a shipped programme (?preset=name) or one's own, and adopt it."""
    or_hidden(request.user, "incubation.adopt_programme", None)
    preset = request.GET.get("preset", "")
    first = preset_text(preset) if preset in preset_names() else ""
    form = ProgrammeForm(request.POST or None, initial={"text": first})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.adopt_programme(actor=request.user, text=form.cleaned_data["text"]),
        )
        if made is not None:
            return redirect("incubation:programme", made.number)
    context = {
        "form": form,
        "presets": [(name, _title(name)) for name in preset_names()],
        "trail": trail(("", _("Adopt a programme"))),
    }
    return render(request, "incubation/adopt.html", context, status=422 if form.errors else 200)


def _title(name: str) -> str:
    """Of a shipped programme."""
    shipped = read_programme(preset_text(name))
    return in_language_of(shipped.title, shipped.title_zh)
