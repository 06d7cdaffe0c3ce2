"""Plain Borda count: the baseline that knows neither bias nor whom an entry was compared with.

J.-C. de Borda, "Memoire sur les elections au scrutin", 1784; for partial lists the mean of points
over the lists an entry is in.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, places


def borda(reviews: ReviewSet) -> FloatArray:
    """(n,) mean share of the list below the entry, 0 .. 1; 1/2 where there is no review."""
    share, _ = places(reviews)
    total = np.bincount(reviews.entry, weights=share, minlength=reviews.n_entries)
    count = np.bincount(reviews.entry, minlength=reviews.n_entries)
    return np.where(count > 0, total / np.maximum(count, 1), 0.5)
