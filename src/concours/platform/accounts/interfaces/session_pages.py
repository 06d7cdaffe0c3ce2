"""Where one is signed in, and signing out there."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts import domain
from concours.platform.accounts.interfaces.pages import trail
from concours.platform.accounts.interfaces.support import signed_in_user
from concours.platform.accounts.rules import visible_sessions


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    UserSession.objects.purge_and_list(user)
    here = request.session.session_key
    known = visible_sessions(user).order_by("-created_at")
    context = {
        "sessions": [(session, session.session_key == here) for session in known],
        "trail": trail(("", _("Where you are signed in"))),
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in_user(request)
    session = get_object_or_404(visible_sessions(user), pk=pk)
    domain.end_sessions(actor=user, sessions=[session])
    messages.success(request, _("That session has ended."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    here = request.session.session_key or ""
    domain.end_sessions(actor=user, sessions=visible_sessions(user).exclude(session_key=here))
    messages.success(request, _("You are signed in here alone."))
    return redirect("accounts:sessions")
