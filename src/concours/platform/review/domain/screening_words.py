"""Screening in words: tests, evidence, what was not tested, what cannot be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Kind(NamedTuple):
    """A test as pages call it, what it looks for, and its finding with the evidence's numbers."""

    label: Any
    looks_for: Any
    finding: Any


KINDS = {
    "against-the-rest": Kind(
        gettext_lazy("Against the rest"),
        gettext_lazy("Scores that run against those of all others."),
        gettext_lazy(
            "The scores run against the others’: a correlation of {correlation:.2f} on {reviews} "
            "entries, where 1 is full agreement and −1 the reverse order."
        ),
    ),
    "down-scoring": Kind(
        gettext_lazy("Rivals marked down"),
        gettext_lazy("Low scores for entries that rank near the reviewer’s own."),
        gettext_lazy(
            "{rivals} entries that rank near the reviewer’s own got {gap:.1f} points less than "
            "the reviewer’s other entries, beyond what others say of both."
        ),
    ),
    "favours": Kind(
        gettext_lazy("Favours returned"),
        gettext_lazy("Reviewers who score one another’s entries above what others say."),
        gettext_lazy(
            "{length} reviewers score one another’s entries, each at least {least_residual:.1f} "
            "points above what others say of them."
        ),
    ),
    "group": Kind(
        gettext_lazy("A close group"),
        gettext_lazy("A group whose reviewers favour one another’s entries."),
        gettext_lazy(
            "Within a group of {entries} entries {favourable_inside} of {reviews_inside} reviews "
            "are favourable, {mean_residual:.1f} points above what others say on average."
        ),
    ),
    "all-alike": Kind(
        gettext_lazy("All alike"),
        gettext_lazy("Scores that hardly differ where the entries do."),
        gettext_lazy(
            "The scores of {reviews} entries differ {ratio:.0%} as much as an honest reviewer’s of "
            "the same entries would."
        ),
    ),
    "haste": Kind(
        gettext_lazy("Haste"),
        gettext_lazy("Reviews written far faster than usual."),
        gettext_lazy(
            "A review took {median_seconds:.0f} seconds, where {usual_seconds:.0f} are usual."
        ),
    ),
    "copied-comments": Kind(
        gettext_lazy("Copied comments"),
        gettext_lazy("Comments that share most of their phrases."),
        gettext_lazy(
            "{comments} comments share their phrases, the closest two {jaccard:.0%} of them. A "
            "source that both quote is another explanation."
        ),
    ),
    "bids": Kind(
        gettext_lazy("Wishes"),
        gettext_lazy("Wishes to review what fits the reviewer badly."),
        gettext_lazy("The wishes go to entries that fit the reviewer badly."),
    ),
}
UNTESTED = {
    "no-reviewer-entry": gettext_lazy("it is not known which entry each reviewer belongs to"),
    "no-seconds": gettext_lazy("how long a review took is not kept"),
    "no-comments": gettext_lazy("there are no comments"),
    "no-bids": gettext_lazy("reviewers do not wish for entries here"),
    "no-similarity": gettext_lazy("no closeness was given"),
    "no-reviews": gettext_lazy("no review"),
    "few-reviews": gettext_lazy("fewer than 3 reviews of entries that others reviewed too"),
    "cannot-reach-level": gettext_lazy("too few reviews to tell anything from chance"),
    "constant": gettext_lazy("all scores equal, so that they say nothing of order"),
    "no-differences": gettext_lazy("the others see no difference between the entries"),
    "independent": gettext_lazy("belongs to no entry"),
    "own-entry-unreviewed": gettext_lazy("the own entry has no review to place it by"),
    "own-entry-apart": gettext_lazy("the own entry cannot be compared with those reviewed"),
    "no-rivals": gettext_lazy("reviews nothing near the own entry, or nothing else"),
    "no-ring": gettext_lazy("in no ring of reviews"),
    "no-noise": gettext_lazy("the scores agree exactly, so that there is nothing to judge"),
    "no-group-edges": gettext_lazy("not linked to other entries by reviews"),
    "no-times": gettext_lazy("no time known"),
    "few-reviewers": gettext_lazy("fewer than 10 reviewers to compare with"),
    "no-long-comments": gettext_lazy("no comment long enough"),
    "no-wishes": gettext_lazy("no wish"),
}
LIMITS = (
    gettext_lazy(
        "Bias for or against an entry that others share: the other reviewers are the only measure."
    ),
    gettext_lazy(
        "A majority that colludes: it becomes the consensus, and the honest reviewers stand out."
    ),
    gettext_lazy(
        "A favour given once and never returned: it looks like an honest difference of opinion."
    ),
    gettext_lazy("Favours repaid outside the reviews, in another competition, or by money."),
    gettext_lazy("Rings of four and more, unless they form a dense group."),
    gettext_lazy(
        "A strategy kept within the noise: lowering rivals by less than honest reviewers differ."
    ),
    gettext_lazy(
        "Down-scoring of rivals far from the own rank, or of entries that others mark down too."
    ),
    gettext_lazy(
        "Reviewers with few reviews: below 8 most dishonest reports are missed, below 3 all are."
    ),
    gettext_lazy(
        "Random scores of the usual spread: they are noise, and only the calibration shows them."
    ),
    gettext_lazy("Haste by a person who leaves the page open; slowness says nothing of care."),
    gettext_lazy("Comments paraphrased or translated, or embedded in a longer text of one's own."),
    gettext_lazy("Who wrote a comment: a model's text and a person's look alike here."),
    gettext_lazy("Wishes that fit well, made only to reach one entry."),
    gettext_lazy("Two accounts of one person that behave as two honest reviewers."),
    gettext_lazy(
        "Intent. Every flag may have an innocent explanation; hear it before anything follows."
    ),
)
"""The engine's own sentences, which a test compares."""


def label_of(kind: str) -> str:
    return str(KINDS[kind].label) if kind in KINDS else kind


def phrase_finding(kind: str, evidence: Mapping[str, Any]) -> str:
    """What was found, in the reader's language."""
    if kind not in KINDS:
        return _("This test is not known to this version.")
    gap = float(evidence.get("residual_others", 0)) - float(evidence.get("residual_rivals", 0))
    return str(KINDS[kind].finding).format(**evidence, gap=gap)


def phrase_chance(p_value: float) -> str:
    """A small chance as one in so many: 0.0004 is "1 in 2,500"."""
    if p_value < 1e-6:
        return _("less than 1 in 1,000,000")
    return _("1 in %(count)s") % {"count": f"{round(1 / p_value):,}"}


def phrase_untested(codes: Mapping[str, int]) -> list[str]:
    """Why reviewers were not tested, with their number, the most frequent reason first."""
    rows = sorted(codes.items(), key=lambda row: (-row[1], row[0]))
    return [f"{count}: {UNTESTED.get(code, code)}" for code, count in rows if count]
