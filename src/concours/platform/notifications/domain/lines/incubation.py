"""What is told of projects in incubation, to who maintains and mentors them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.concerned import Who
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _line(who: Who, title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.INCUBATION, who=who, title=title, text=text)


LINES: dict[str, Line] = {
    "mentor.invited": _line(
        concerned.the_mentor,
        _("You are invited to the pool of mentors"),
        _("Accept or decline under “My mentoring”; the reasons stand there."),
    ),
    "mentor.assigned": _line(
        concerned.mentor_and_maintainers,
        _("A mentor for “%(project)s”"),
        _("Who it is stands on the page of its incubation, with plan and reports."),
    ),
    "report.due-soon": _line(
        concerned.maintaining,
        _("A report is due soon: %(project)s"),
        _("The page of its incubation says of which period, and until when."),
    ),
    "report.overdue": _line(
        concerned.looking_after,
        _("A report is overdue: %(project)s"),
        _("The page of its incubation says of which period, and since when."),
    ),
    "report.submitted": _line(
        concerned.mentoring,
        _("A report to sign off: %(project)s"),
        _("Its maintainers handed it in."),
    ),
    "report.revised": _line(
        concerned.mentoring,
        _("A report was written anew: %(project)s"),
        _("It is to be signed off as it stands now."),
    ),
    "report.commented": _line(
        concerned.looking_after,
        _("A mentor commented on a report: %(project)s"),
        _("The comment is public."),
    ),
    "report.signed-off": _line(
        concerned.maintaining,
        _("A mentor signed a report off: %(project)s"),
        _("It stays as it is from now on."),
    ),
    "annual-review.opened": _line(
        concerned.around_review,
        _("The annual review is open: %(project)s"),
        _("Reports, milestones, criteria and health stand on its page."),
    ),
    "annual-review.decided": _line(
        concerned.looking_after,
        _("The annual review is decided: %(project)s"),
        _("The reasons stand on its page."),
    ),
}
