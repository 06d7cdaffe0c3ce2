"""The methods of a round in plain words, for those who compete in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concours.platform.leaderboards.domain import machine_counts
from concours.platform.review.domain.consequences import NEVER
from concours.platform.review.methods import OWN_SCALE, Methods, methods_of, wording
from concours.platform.review.models import ReviewRound


@dataclass(frozen=True, kw_only=True)
class Told:
    """A question, the short answer, and a sentence that explains it."""

    title: str
    label: str
    sentence: str


def told_methods(*, round: ReviewRound) -> list[Told]:  # noqa: A002
    """How the round is drawn, judged and chosen, in the reader's language."""
    methods = methods_of(round.params)
    assignment = wording("assignment", methods.assignment)
    consensus = wording("consensus", methods.consensus)
    selection = wording("selection", methods.selection)
    return [
        Told(
            title=_("Who reviews whom"),
            label=str(assignment.label),
            sentence=f"{assignment.sentence} {_circles(methods.cycles_up_to)}",
        ),
        Told(
            title=_("How points become ranks"),
            label=str(consensus.label),
            sentence=f"{consensus.sentence} {_points(methods.consensus)}".strip(),
        ),
        _own(methods.own_left_out),
        Told(
            title=_("How finalists are chosen"),
            label=str(selection.label),
            sentence=str(selection.sentence),
        ),
        *_machine(round),
        Told(
            title=_("Rank intervals"),
            label=f"{methods.level} %",
            sentence=_(
                "The bar beside a rank covers the true rank with a probability of %(level)d %%."
            )
            % {"level": methods.level},
        ),
        _screening(methods.screening),
        *told_consequences(methods),
    ]


def told_consequences(methods: Methods) -> list[Told]:
    """What follows from duties that are late or undone, and when; only what the rules name."""
    found = []
    if methods.reminder_days:
        days = ", ".join(str(day) for day in sorted(methods.reminder_days, reverse=True))
        found.append(
            Told(
                title=_("Reminders"),
                label=days,
                sentence=_("Reminders leave so many days before the close: %(days)s.")
                % {"days": days},
            )
        )
    if methods.replace_days:
        found.append(
            Told(
                title=_("Late reviewers"),
                label=ngettext("%(n)d day", "%(n)d days", methods.replace_days)
                % {"n": methods.replace_days},
                sentence=ngettext(
                    "%(n)d day before the close the reviews of whoever has written none go to "
                    "others; they count as undone.",
                    "%(n)d days before the close the reviews of whoever has written none go to "
                    "others; they count as undone.",
                    methods.replace_days,
                )
                % {"n": methods.replace_days},
            )
        )
    if methods.withhold_reviews:
        found.append(
            Told(
                title=_("Own reviews withheld"),
                label=_("yes"),
                sentence=_(
                    "A team reads what others said of its entry only if its own reviews are done."
                ),
            )
        )
    for percent, title, sentence in (
        (
            methods.finalist_undone,
            _("No finalist"),
            _(
                "An entry whose reviewer leaves more than %(n)d %% of the duties undone cannot be "
                "a finalist."
            ),
        ),
        (
            methods.disqualify_undone,
            _("Disqualification"),
            _(
                "An entry whose reviewer leaves more than %(n)d %% of the duties undone is "
                "disqualified with the close."
            ),
        ),
    ):
        if percent < NEVER:
            worded = sentence % {"n": percent}
            found.append(Told(title=title, label=f"> {percent} %", sentence=worded))
    return found


def _machine(round: ReviewRound) -> list[Told]:  # noqa: A002
    """That a machine has a part in the choice of finalists, where it has one."""
    track = round.track
    if not machine_counts(track=track):
        return []
    share = 100 * track.weight_machine / (track.weight_machine + track.weight_peer)
    return [
        Told(
            title=_("The machine’s part in the choice"),
            label=f"{share:.0f} %",
            sentence=_(
                "Finalists are chosen by reviews and machine together, by the track’s weights: by "
                "the share of lists that an entry is ahead of, and the share of entries that it is "
                "ahead of on the ranking board. Ranks and points below are the peers’ alone."
            ),
        )
    ]


def _circles(longest: int) -> str:
    if longest == 2:
        return _("No two entries review each other.")
    return _("No two entries review each other, nor do up to %(count)d in a circle.") % {
        "count": longest
    }


def _points(method: str) -> str:
    if method not in OWN_SCALE:
        return ""
    return _("Points then tell which share of the field an entry is ahead of.")


def _own(left_out: bool) -> Told:
    return Told(
        title=_("Own reviews"),
        label=_("left out of one’s own rank") if left_out else _("counted like all others"),
        sentence=(
            _(
                "Nothing that a reviewer writes can move the rank of their own entry. Ranks may "
                "therefore repeat or skip a number. From 20 entries on."
            )
            if left_out
            else _("What a reviewer writes can move the rank of their own entry a little.")
        ),
    )


def _screening(on: bool) -> Told:
    return Told(
        title=_("Screening"),
        label=_("on") if on else _("off"),
        sentence=(
            _(
                "Organisers may have the closed reviews searched for signs of arrangement. A sign "
                "is looked at by people and decides nothing by itself."
            )
            if on
            else _("Nobody searches the reviews for signs of arrangement.")
        ),
    )
