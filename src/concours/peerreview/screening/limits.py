"""What screening cannot detect, for pages to show."""

LIMITS = (
    "Bias for or against an entry that others share: the other reviewers are the only measure.",
    "A majority that colludes: it becomes the consensus, and the honest reviewers stand out.",
    "A favour given once and never returned: it looks like an honest difference of opinion.",
    "Favours repaid outside the reviews, in another competition, or by money.",
    "Rings of four and more, unless they form a dense group.",
    "A strategy kept within the noise: lowering rivals by less than honest reviewers differ.",
    "Down-scoring of rivals far from the own rank, or of entries that others mark down too.",
    "Reviewers with few reviews: below 8 most dishonest reports are missed, below 3 all are.",
    "Random scores of the usual spread: they are noise, and only the calibration shows them.",
    "Haste by a person who leaves the page open; slowness says nothing of care.",
    "Comments paraphrased or translated, or embedded in a longer text of one's own.",
    "Who wrote a comment: a model's text and a person's look alike here.",
    "Wishes that fit well, made only to reach one entry.",
    "Two accounts of one person that behave as two honest reviewers.",
    "Intent. Every flag may have an innocent explanation; hear it before anything follows.",
)
"""Sentences; the module docstring of `concours.peerreview.screening` says why."""
