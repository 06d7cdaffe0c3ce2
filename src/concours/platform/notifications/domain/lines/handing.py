"""What is told when winners are handed over."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _team(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.AWARD, who=concerned.members, title=title, text=text)


LINES: dict[str, Line] = {
    "handover.asked": _team(
        _("“%(entry)s” may become a project of the foundation"),
        _("Your captain is asked to agree; each of you says whether your name goes along."),
    ),
    "handover.leave-asked": Line(
        kind=Kind.REVIEW,
        who=concerned.handover_reviewers,
        title=_("May your review of “%(entry)s” go along?"),
        text=_("The entry is to become a project. Without your leave your review stays behind."),
    ),
    "handover.agreed": _team(
        _("Your captain agreed to hand over “%(entry)s”"),
        _("Until it is done the captain can take it back."),
    ),
    "handover.declined": _team(
        _("Your captain does not hand over “%(entry)s”"), _("The entry stays with your team.")
    ),
    "handover.done": _team(
        _("“%(entry)s” was handed over"),
        _("It is a candidate of the register now, and its dossier is public."),
    ),
    "handover.taken-back": _team(
        _("The handover of “%(entry)s” was taken back"),
        _("The project is archived. The reason is on the handover’s page."),
    ),
}
