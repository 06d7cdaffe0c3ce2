from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from concours.platform.background import chores
from concours.platform.competitions.interfaces.tasks import mail_invitation
from concours.platform.operating.mails import KEPT_DAYS

pytestmark = pytest.mark.django_db


def test_tasks_that_ended_long_ago_are_forgotten() -> None:
    rows = DBTaskResult.objects
    codes = ("ended", "just-ended", "failed", "waiting")
    tasks = {code: mail_invitation.enqueue(code, "https://example.org/", "en").id for code in codes}
    now = datetime.now(UTC)
    ended = now - timedelta(days=KEPT_DAYS, minutes=1)
    rows.filter(pk=tasks["ended"]).update(status="SUCCESSFUL", finished_at=ended)
    rows.filter(pk=tasks["failed"]).update(status="FAILED", finished_at=ended)
    rows.filter(pk=tasks["just-ended"]).update(status="SUCCESSFUL", finished_at=now)

    chores()["forget tasks"]()

    kept = {row.args_kwargs["args"][0] for row in rows.all()}
    assert kept == {"just-ended", "waiting"}
