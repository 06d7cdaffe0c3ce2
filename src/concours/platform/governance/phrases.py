"""Rules of voting, and the steps of a count, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from concours.governance import (
    Abstentions,
    LateBallots,
    LostRole,
    Measure,
    RecusalRule,
    Rule,
    Tie,
    Veto,
)

STEPS: dict[str, str | Promise] = {
    "electorate": gettext_lazy(
        "%(members)s of %(voters)s voters count among the members: %(recused)s stand aside, "
        "%(suspended)s are suspended, %(lost)s lost the role."
    ),
    "tally": gettext_lazy(
        "%(yes)s voted +1, %(no)s voted −1, %(abstain)s abstained; %(aside)s ballots do not count."
    ),
    "quorum": gettext_lazy(
        "The quorum is %(share)s of %(base)s, so %(needed)s; %(present)s took part."
    ),
    "veto": gettext_lazy("A −1 is a veto here; there are %(vetoes)s."),
    "reasoned-veto": gettext_lazy("A −1 with its reason is a veto here; there are %(vetoes)s."),
    "minimum": gettext_lazy("At least %(needed)s votes of +1 are needed; there are %(yes)s."),
    "cast": gettext_lazy(
        "%(share)s of the %(base)s votes cast are needed; %(yes)s are +1, which is %(exact)s."
    ),
    "cast-strict": gettext_lazy(
        "More than %(share)s of the %(base)s votes cast are needed; %(yes)s are +1, which is "
        "%(exact)s."
    ),
    "members": gettext_lazy(
        "%(share)s of %(base)s members are needed; %(yes)s voted +1, which is %(exact)s."
    ),
    "members-strict": gettext_lazy(
        "More than %(share)s of %(base)s members are needed; %(yes)s voted +1, which is %(exact)s."
    ),
    "more-yes-than-no": gettext_lazy("More +1 than −1 are needed; there are %(yes)s and %(no)s."),
    "tie-falls": gettext_lazy("It is a tie, and in a tie what is voted on falls."),
    "tie-chair": gettext_lazy("It is a tie, and the chair’s vote decides: %(chair)s."),
}
"""What each step of a count says, by the engine's code."""
RESULTS: dict[str, str | Promise] = {
    "passed": gettext_lazy("passed"),
    "failed": gettext_lazy("did not pass"),
    "no-quorum": gettext_lazy("no quorum"),
    "vetoed": gettext_lazy("vetoed"),
    "tied": gettext_lazy("a tie, did not pass"),
}
ASIDES: dict[str, str | Promise] = {
    "unknown": gettext_lazy("not of the electorate"),
    "recused": gettext_lazy("has to stand aside"),
    "suspended": gettext_lazy("suspended"),
    "lost-role": gettext_lazy("lost the role"),
    "late": gettext_lazy("came late"),
    "no-reason": gettext_lazy("against, without the reason that is asked for"),
}
RECUSALS: dict[str, str | Promise] = {
    "affiliation": gettext_lazy("speaks for the project or shares an organisation with who does"),
    "donor": gettext_lazy("is a donor of the project, or belongs to one"),
    "declared": gettext_lazy("stands aside by their own word"),
}
ROLES: dict[str, str | Promise] = {
    "chair": gettext_lazy("chair"),
    "vice-chair": gettext_lazy("vice-chair"),
    "member": gettext_lazy("member"),
    "secretary": gettext_lazy("secretary"),
}


def role_name(role: str) -> str:
    return str(ROLES.get(role, role))


def step_sentence(code: str, values: Mapping[str, Any]) -> str:
    """One step of a count in the reader's language."""
    return str(STEPS[code]) % values


def rule_sentences(rule: Rule) -> list[str]:
    """All that a rule says, a sentence each."""
    return [
        _threshold(rule),
        *_conditions(rule),
        _ballots(rule),
        _window(rule),
        _abstentions(rule),
        *_recusals(rule.recusal),
        _changes(rule),
    ]


def _threshold(rule: Rule) -> str:
    if rule.unset:
        return _("The threshold is not public; the foundation must set it.")
    if rule.measure is Measure.MORE_YES:
        return _("It passes with more +1 than −1.")
    share = {"share": rule.threshold}
    if rule.measure is Measure.CAST:
        if rule.strict:
            return _("It passes with more than %(share)s of the votes cast.") % share
        return _("It passes with %(share)s of the votes cast.") % share
    if rule.strict:
        return _("It passes with more than %(share)s of all members.") % share
    return _("It passes with %(share)s of all members.") % share


def _conditions(rule: Rule) -> list[str]:
    found = []
    if rule.minimum_yes:
        found.append(
            ngettext(
                "At least %(number)d vote of +1 is needed.",
                "At least %(number)d votes of +1 are needed.",
                rule.minimum_yes,
            )
            % {"number": rule.minimum_yes}
        )
    if rule.quorum:
        found.append(_("The quorum is %(share)s of the members.") % {"share": rule.quorum})
    if rule.veto is Veto.ANY:
        found.append(_("One −1 stops it."))
    elif rule.veto is Veto.REASONED:
        found.append(_("One −1 that gives its reason stops it."))
    if rule.reasons_for_no:
        found.append(_("A −1 must give its reason."))
    if rule.tie is Tie.CHAIR:
        found.append(_("In a tie the chair’s own vote decides."))
    return found


def _ballots(rule: Rule) -> str:
    if rule.secret:
        return _("Ballots are secret: no page, no event and no list says whose is whose.")
    return _("Ballots are open: everyone sees who voted how, and why.")


def _window(rule: Rule) -> str:
    if rule.comment_days:
        return _(
            "It is open for %(hours)d hours, after at least %(days)d days of public comment."
        ) % {"hours": rule.open_hours, "days": rule.comment_days}
    return _("It is open for %(hours)d hours.") % {"hours": rule.open_hours}


def _abstentions(rule: Rule) -> str:
    return {
        Abstentions.CAST: _("An abstention is a vote cast, and counts for the quorum."),
        Abstentions.PRESENT: _("An abstention counts for the quorum alone."),
        Abstentions.ABSENT: _("An abstention is as no vote at all."),
    }[rule.abstentions]


def _recusals(rule: RecusalRule) -> list[str]:
    known = {"affiliation": rule.affiliation, "donor": rule.donor, "declared": rule.declared}
    found = [
        _("Without a vote: whoever %(reason)s.") % {"reason": RECUSALS[name]}
        for name, holds in known.items()
        if holds
    ]
    if not found:
        return [_("Nobody must stand aside.")]
    if rule.counts_in_quorum or rule.counts_in_members:
        found.append(_("Those who stand aside still count in the base of shares or quorum."))
    return found


def _changes(rule: Rule) -> str:
    parts = [
        _("A ballot may be changed until the end.")
        if rule.may_change
        else _("A ballot cannot be changed."),
        _("Late ballots are noted, and do not count.")
        if rule.late is LateBallots.ADVISORY
        else _("Late ballots are refused."),
        _("Who loses the role in mid-vote leaves the count.")
        if rule.lost_role is LostRole.DROPS
        else _("Who loses the role in mid-vote keeps the vote."),
    ]
    return " ".join(parts)
