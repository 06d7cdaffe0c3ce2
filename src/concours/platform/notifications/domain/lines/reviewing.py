"""What is told of reviews to be done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind

LINES: dict[str, Line] = {
    "round.assigned": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers,
        title=_("Reviews to do in “%(track)s”"),
        text=_("Entries were assigned to you. Your reviews are due on %(closes)s."),
    ),
    "round.extended": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers_behind,
        title=_("More time for reviews in “%(track)s”"),
        text=_("Your reviews are now due on %(closes)s."),
    ),
    "reminders.sent": Line(
        kind=Kind.REVIEW,
        who=concerned.reminded,
        title=_("Reviews are due soon in “%(track)s”"),
        text=_("You still owe reviews. They are due on %(closes)s."),
        mailed=True,
    ),
    "duty.late": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers_behind,
        title=_("Reviews are late in “%(track)s”"),
        text=_("Reviews that you owe were due on %(closes)s."),
    ),
    "duties.lost": Line(
        kind=Kind.REVIEW,
        who=concerned.lost_duties,
        title=_("Reviews given to others: %(track)s"),
        text=_("What follows from that stands under “My reviews” and in the track’s rules."),
        mailed=True,
    ),
    "duties.replaced": Line(
        kind=Kind.REVIEW,
        who=concerned.given_anew,
        title=_("Further reviews: %(track)s"),
        text=_("They lost their reviewer and were given to you. They are due on %(closes)s."),
        mailed=True,
    ),
    "duty.undone": Line(
        kind=Kind.REVIEW,
        who=concerned.members,
        title=_("Reviews that “%(entry)s” owed are undone"),
        text=_("What follows from that in “%(track)s” is on the entry’s page."),
        mailed=True,
    ),
}
