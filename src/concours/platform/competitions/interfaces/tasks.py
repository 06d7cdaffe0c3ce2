"""What happens outside a request: each task fetches, guards and calls the domain."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.core.cache import cache
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from concours.platform.competitions import domain
from concours.platform.competitions.domain.submissions import STUCK_AFTER
from concours.platform.competitions.models import Invitation, Submission
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.core.mailing import MOST_TRIES, time_of_next
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift


@contextmanager
def _at_work() -> Iterator[None]:
    with clock.shifted(current_shift()), acting(via="worker"):
        yield


@task
def fetch_git_submission(submission_code: str) -> str:
    """Fetch a git submission; returns the state it came to. Running it twice is once."""
    with _at_work():
        submission = Submission.objects.filter(code=submission_code).first()
        if submission is None:
            return "gone"
        try:
            return str(domain.complete_git_submission(submission=submission).state)
        except Refused:
            # Another worker was quicker; what it wrote stands.
            submission.refresh_from_db()
            return str(submission.state)


@task
def mail_invitation(invitation_code: str, site: str, language: str, tries: int = 1) -> str:
    """Send the mail that carries an invitation's link; the key is born here. `site` ends in /.

    Where the mail server takes nothing it is tried again later, with another key.
    """
    try:
        # Before there is a key, which makes the one of an earlier mail void.
        with _at_work(), translation.override(language), get_connection() as connection:
            return _mail_invitation(invitation_code, site, connection)
    except smtplib.SMTPRecipientsRefused:
        return "refused"
    except OSError:
        if tries >= MOST_TRIES:
            return "given up"
        again = mail_invitation.using(run_after=time_of_next(tries))
        again.enqueue(invitation_code, site, language, tries + 1)
        return "again"


def _mail_invitation(code: str, site: str, connection: BaseEmailBackend) -> str:
    invitation = (
        Invitation.objects.select_related("team__season", "invited_by").filter(code=code).first()
    )
    if invitation is None:
        return "gone"
    try:
        key = domain.issue_key(invitation=invitation)
    except Refused as refusal:
        return refusal.code
    path = reverse("competitions:invitation", kwargs={"key": key})
    send_mail(
        subject=_("Join the team “%(team)s”") % {"team": invitation.team.name},
        message=render_to_string(
            "competitions/mail/invitation.txt",
            {"invitation": invitation, "link": site.rstrip("/") + path},
        ),
        from_email=None,
        recipient_list=[invitation.email],
        connection=connection,
    )
    return "sent"


def fetch_after_commit(submission: Submission) -> None:
    """Ask for the fetch once the submission is stored for good."""
    transaction.on_commit(partial(fetch_git_submission.enqueue, submission.code))


def mail_after_commit(invitation: Invitation, *, site: str) -> None:
    """Ask for the mail once the invitation is stored for good, in the language now active."""
    language = translation.get_language() or "en"
    transaction.on_commit(partial(mail_invitation.enqueue, invitation.code, site, language))


def resume_fetches() -> int:
    """Ask again for fetches that got stuck, give up those of a day ago; how many were resumed.

    For the worker to call every minute or so; each submission is resumed once in STUCK_AFTER.
    """
    with _at_work():
        domain.give_up_fetches()
        stuck = domain.stuck_fetches()
    resumed = 0
    for submission in stuck:
        if cache.add(f"fetch-resumed:{submission.code}", 1, STUCK_AFTER.total_seconds()):
            fetch_git_submission.enqueue(submission.code)
            resumed += 1
    return resumed
