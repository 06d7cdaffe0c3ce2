"""Who may be handed over, and from when on: a winner of a result that nothing moves any more."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain import unsettled
from concours.platform.awards.domain import Win, win_of
from concours.platform.competitions.enums import EntryState
from concours.platform.core.errors import Refused
from concours.platform.core.moments import written_with_zone


def require_winner(entry: Any) -> Win:
    """The entry's win. Raises Refused without a published result, for an entry that is out, that
    is a baseline or that won nothing."""
    if entry.state == EntryState.DISQUALIFIED:
        raise Refused("disqualified", _("This entry was disqualified; it cannot be handed over."))
    if entry.state != EntryState.ENTERED or entry.baseline:
        raise Refused("not-competing", _("This entry does not compete; it cannot be handed over."))
    win = win_of(entry=entry)
    if win is None:
        raise Refused(
            "no-result",
            _("The entry has no place in a published result; publish the result first."),
        )
    if not win.wins:
        raise Refused("no-winner", _("This entry won nothing; winners are handed over."))
    return win


def require_settled(track: Any) -> None:
    """Raise Refused while appeals are open, drafted changes wait, or appeals may still be filed."""
    found = unsettled(track=track)
    if found.appeals:
        raise Refused(
            "appeals-open",
            _("Appeals of this track are open: %(number)d. Decide them first.")
            % {"number": found.appeals},
        )
    if found.drafts:
        raise Refused(
            "changes-drafted",
            _("Changes of this track are drafted; apply or cancel them first."),
        )
    if found.window is not None:
        raise Refused(
            "appeals-to-come",
            _("Appeals are taken until %(day)s; hand winners over afterwards.")
            % {"day": written_with_zone(found.window.closes_at)},
        )
