"""An invitation's mail, and a mail server that is down."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from concours.platform.competitions import domain
from concours.platform.competitions.interfaces.tasks import mail_invitation
from concours.platform.competitions.models import Invitation
from concours.platform.core.mailing import MOST_TRIES
from tests.factories import competitions as make
from tests.factories.mailboxes import Mailbox

pytestmark = pytest.mark.django_db
SITE = "https://example.org/"


@pytest.fixture
def invitation() -> Invitation:
    team = make.team(of=make.season())
    made, _key = domain.invite(actor=make.captain_of(team), team=team, email="guest@example.org")
    return made


def test_the_mail_waits_for_its_server_and_no_key_is_made_meanwhile(
    mailbox: Mailbox, invitation: Invitation
) -> None:
    before = invitation.key_digest

    assert mail_invitation.call(invitation.code, SITE, "en") == "again"

    invitation.refresh_from_db()
    assert invitation.key_digest == before
    assert DBTaskResult.objects.get().args_kwargs["args"] == [invitation.code, SITE, "en", 2]
    mailbox.start()
    assert mail_invitation.call(invitation.code, SITE, "en", 2) == "sent"
    assert [one["To"] for one in mailbox.messages] == ["guest@example.org"]


def test_a_mailbox_that_is_refused_is_not_tried_again(
    mailbox: Mailbox, invitation: Invitation
) -> None:
    mailbox.refused = {"guest@example.org"}
    mailbox.start()

    assert mail_invitation.call(invitation.code, SITE, "en") == "refused"
    assert not DBTaskResult.objects.exists()


def test_it_is_given_up_after_a_day(mailbox: Mailbox, invitation: Invitation) -> None:
    assert mail_invitation.call(invitation.code, SITE, "en", MOST_TRIES) == "given up"
    assert not DBTaskResult.objects.exists()
