"""The reviews that an entry received: read, answered and rated by its team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.review import domain
from concours.platform.review.domain.answering import answers_open
from concours.platform.review.interfaces.answer_forms import AnswerForm, UsefulnessForm
from concours.platform.web.interfaces.shared import attempt, or_hidden, track_trail


@never_cache
@login_required
@require_safe
def entry_reviews(request: HttpRequest, code: str) -> HttpResponse:
    """The released reviews of an entry; 404 for whoever is not of its team or staff."""
    entry = _entry(request, code)
    runs = permitted(request.user, "review.run_round", entry.track)
    if not (runs or permitted(request.user, "competitions.edit_entry", entry)):
        raise Http404
    return _show(request, entry)


@login_required
@require_POST
def answer(request: HttpRequest, code: str, alias: str) -> HttpResponse:
    entry = _own_entry(request, code)
    form = AnswerForm(request.POST, auto_id=f"id_answer_{alias}_%s")
    return _press(
        request,
        entry,
        alias,
        form,
        lambda: domain.answer_review(
            actor=request.user, entry=entry, alias=alias, text=form.cleaned_data["text"]
        ),
        _("Your answer is kept. You may change it until answers end."),
    )


@login_required
@require_POST
def rate(request: HttpRequest, code: str, alias: str) -> HttpResponse:
    entry = _own_entry(request, code)
    form = UsefulnessForm(request.POST, auto_id=f"id_rate_{alias}_%s")
    return _press(
        request,
        entry,
        alias,
        form,
        lambda: domain.rate_review(
            actor=request.user, entry=entry, alias=alias, rating=form.value()
        ),
        _("Thank you. What you said stays as it is."),
    )


def _press(
    request: HttpRequest,
    entry: Any,
    alias: str,
    form: forms.Form,
    act: Callable[[], Any],
    done: str,
) -> HttpResponse:
    if form.is_valid() and attempt(form, act) is not None:
        messages.success(request, done)
        address = reverse("review:entry_reviews", args=[entry.code])
        return redirect(f"{address}#reviewer-{alias}")
    return _show(request, entry, given=(alias, form))


def _entry(request: HttpRequest, code: str) -> Any:
    entries = visible_entries(request.user).select_related("track__season", "track__phase", "team")
    return get_object_or_404(entries, code=code)


def _own_entry(request: HttpRequest, code: str) -> Any:
    entry = _entry(request, code)
    or_hidden(request.user, "competitions.edit_entry", entry)
    return entry


def _show(
    request: HttpRequest, entry: Any, *, given: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    round_ = domain.round_of(track=entry.track)
    of_team = permitted(request.user, "competitions.edit_entry", entry)
    open_ = of_team and round_ is not None and answers_open(round_)
    rows = []
    for review in domain.reviews_released_to(user=request.user, entry=entry):
        row: dict[str, Any] = {"review": review, "answer_form": None, "rate_form": None}
        if open_:
            row["answer_form"] = AnswerForm(
                initial={"text": review.answer}, auto_id=f"id_answer_{review.alias}_%s"
            )
        if of_team and not review.rated:
            row["rate_form"] = UsefulnessForm(auto_id=f"id_rate_{review.alias}_%s")
        if given is not None and given[0] == review.alias:
            kind = "answer_form" if isinstance(given[1], AnswerForm) else "rate_form"
            row[kind] = given[1]
        rows.append(row)
    context = {
        "entry": entry,
        "track": entry.track,
        "round": round_,
        "withheld": of_team
        and round_ is not None
        and domain.withheld_from(entry=entry, round=round_),
        "answers_open": open_,
        "rows": rows,
        "trail": track_trail(
            entry.track,
            (reverse("competitions:entry", args=[entry.code]), entry.title),
            ("", _("Reviews")),
        ),
    }
    return render(request, "review/entry_reviews.html", context)
