"""Phrases of comments, and the pairs of comments that share most of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.texts import words_of
from concours.peerreview.keyed import IntArray

PHRASE = 3
"""Words in a phrase; in a script without spaces every two neighbouring characters are a word."""
FEWEST_WORDS = 20
"""A comment with fewer words may agree with another by chance."""
COMMON_SHARE, COMMON_LEAST = 0.05, 10
"""A phrase of more reviewers than this share, and than this number, is boilerplate."""
CROWD = 30
"""In a longer list of comments with one phrase, each is compared with its neighbours only."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Phrases:
    """Which comment holds which phrase.

    Attributes:
        start: (c + 1,) comment i has phrase[start[i] : start[i + 1]], rarest first.
        phrase: numbers of phrases, each once a comment.
        comments: (p,) how many comments hold each phrase.
        words: (c,) length of each comment.
        boilerplate: number of phrases left out as common to many reviewers.
    """

    start: IntArray
    phrase: IntArray
    comments: IntArray
    words: IntArray
    boilerplate: int


def phrases(texts: Sequence[str], reviewer: IntArray) -> Phrases:
    """Phrases of PHRASE words, without boilerplate. O(words log words)."""
    number: dict[str, int] = {}
    rows = [[number.setdefault(w, len(number)) for w in words_of(text)] for text in texts]
    length = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.fromiter((t for row in rows for t in row), dtype=np.int64, count=int(length.sum()))
    comment = np.repeat(np.arange(len(rows)), length)
    name = _names(flat, comment, len(number))
    comment = comment[: len(name)]
    inside = name >= 0
    name, comment = name[inside], comment[inside]
    name, comment = np.divmod(np.unique(name * max(len(rows), 1) + comment), max(len(rows), 1))
    crowd = int(reviewer.max(initial=0)) + 1
    people = np.bincount(np.unique(name * crowd + reviewer[comment]) // crowd)
    limit = max(COMMON_LEAST, COMMON_SHARE * len(np.unique(reviewer)))
    common = people > limit
    name, comment = name[~common[name]], comment[~common[name]]
    holds = np.bincount(name, minlength=len(common))
    order = np.lexsort((name, holds[name], comment))
    start = np.concatenate([[0], np.cumsum(np.bincount(comment, minlength=len(rows)))])
    return Phrases(
        start=start,
        phrase=name[order],
        comments=holds,
        words=length,
        boilerplate=int(common.sum()),
    )


def _names(flat: IntArray, comment: IntArray, words: int) -> IntArray:
    """A number for the phrase that starts at each word, -1 where the comment ends before."""
    count = max(len(flat) - PHRASE + 1, 0)
    name = flat[:count].copy()
    size = max(words, 1)
    for step in range(1, PHRASE):
        # Numbered anew at each step, so that the product stays within 64 bits.
        _, name = np.unique(name * size + flat[step : step + count], return_inverse=True)
    whole = comment[:count] == comment[PHRASE - 1 :]
    return np.where(whole, name, -1)


def near_pairs(found: Phrases, *, least: float) -> list[tuple[int, int, int, float]]:
    """(i, j, shared phrases, Jaccard) of comments i < j whose Jaccard similarity is >= `least`.

    Prefix filter (Chaudhuri, Ganti, Kaushik, ICDE 2006): such a pair shares one of the rarest
    (1 - least) of either's phrases. Exact, but that a phrase of more than CROWD comments links each
    to its neighbours only: chains of copies stay linked.
    """
    sizes = np.diff(found.start)
    head = sizes - np.ceil(least * sizes - 1e-9).astype(np.int64) + 1
    place = np.arange(len(found.phrase)) - np.repeat(found.start[:-1], sizes)
    use = place < np.repeat(head, sizes)
    comment = np.repeat(np.arange(len(sizes)), sizes)[use]
    phrase = found.phrase[use]
    order = np.lexsort((comment, phrase))
    phrase, comment = phrase[order], comment[order]
    out = []
    for i, j in _candidates(phrase, comment).tolist():
        a = found.phrase[found.start[i] : found.start[i + 1]]
        b = found.phrase[found.start[j] : found.start[j + 1]]
        shared = len(np.intersect1d(a, b, assume_unique=True))
        jaccard = shared / (len(a) + len(b) - shared)
        if jaccard >= least:
            out.append((i, j, shared, jaccard))
    return out


def _candidates(phrase: IntArray, comment: IntArray) -> IntArray:
    """(p, 2) sorted pairs of comments in one list of a phrase."""
    starts = np.flatnonzero(np.r_[True, phrase[1:] != phrase[:-1]]) if len(phrase) else phrase
    sizes = np.diff(np.r_[starts, len(phrase)])
    place = np.arange(len(phrase)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for step in range(1, CROWD):
        at = np.flatnonzero((place >= step) & ((size <= CROWD) | (step == 1)))
        if not at.size:
            break
        pairs.append(np.stack([comment[at - step], comment[at]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)
