"""How close texts are to one another, by the words they share: no model, no download, exact.

Cosines of TF-IDF vectors (Sparck Jones, Journal of Documentation 1972; Salton and Buckley,
Information Processing & Management 1988). Words are runs of letters and digits; in scripts that
write no spaces, every two neighbouring characters count as a word, which for Chinese does about as
well as cutting into words (Nie, Gao, Zhang, Zhou, "On the use of words and n-grams for Chinese
information retrieval", 2000).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from concours.peerreview.assignment.similarity import UNIT, Similarity
from concours.peerreview.errors import BadInput

DENSE = 4_000
"""Up to so many texts all cells are kept, beyond it NEAREST of each text."""
NEAREST = 100
BLOCK = 1_000
_STEP = 1 << 15
"""Coordinates are whole multiples of 1 / _STEP, so that sums are the same on every machine."""
_WEIGHT = 1 << 10
_RUN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: case and width folded, in order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [word for run in _RUN.findall(folded) for word in _cut(run)]


def text_similarity(texts: Sequence[str]) -> Similarity:
    """Similarity 0 .. 1 of n reviewers, each known by a text, with n entries of the same texts.

    Cell (i, j) is the cosine between texts i and j; a text without words is like none, and 1 stands
    on the diagonal otherwise. Up to DENSE texts all cells are stated, beyond it those of the
    NEAREST of each text, others are 0. The order of the texts changes no cell.
    O(words + shared words of all pairs). Raises BadInput without a text.
    """
    if not texts:
        raise BadInput("texts: at least one expected")
    vectors = _vectors([Counter(words_of(text)) for text in texts])
    across = vectors.T.tocsr()
    if len(texts) <= DENSE:
        cells = (vectors @ across).toarray() / _STEP**2
        return Similarity.dense(_rounded(cells))
    found = [_nearest(vectors, across, start) for start in range(0, len(texts), BLOCK)]
    row, column, value = (np.concatenate(part) for part in zip(*found, strict=True))
    key = np.concatenate([row * len(texts) + column, column * len(texts) + row])
    key, first = np.unique(key, return_index=True)
    both = np.concatenate([value, value])[first]
    shape = (len(texts), len(texts))
    return Similarity.sparse(key // len(texts), key % len(texts), both, shape=shape)


def _cut(run: str) -> Iterator[str]:
    at = 0
    for found in _UNSPACED.finditer(run):
        if found.start() > at:
            yield run[at : found.start()]
        part = found.group()
        yield from (part[i : i + 2] for i in range(max(1, len(part) - 1)))
        at = found.end()
    if at < len(run):
        yield run[at:]


def _vectors(counts: list[Counter[str]]) -> sparse.csr_array:
    """(n, words) int64: unit vectors in steps of 1 / _STEP, columns by word."""
    spread = Counter(word for count in counts for word in count)
    column = {word: place for place, word in enumerate(sorted(spread))}
    rarity = {word: 1 + math.log((1 + len(counts)) / (1 + n)) for word, n in spread.items()}
    start, columns, values = [0], [], []
    for count in counts:
        words = sorted(count, key=column.__getitem__)
        weights = [round(_WEIGHT * (1 + math.log(count[word])) * rarity[word]) for word in words]
        length = math.sqrt(sum(weight * weight for weight in weights))
        columns += [column[word] for word in words]
        values += [round(weight * _STEP / length) for weight in weights]
        start.append(len(columns))
    shape = (len(counts), max(1, len(column)))
    return sparse.csr_array(
        (np.array(values, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(start)),
        shape=shape,
    )


def _nearest(
    vectors: sparse.csr_array, across: sparse.csr_array, start: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(row, column, cosine) of the NEAREST of each text of a block, equals by their place."""
    cells = (vectors[start : start + BLOCK] @ across).toarray()
    here = np.arange(cells.shape[0])
    cells[here, start + here] = 0
    order = np.argsort(-cells, axis=1, kind="stable")[:, :NEAREST]
    row = np.repeat(here, order.shape[1])
    column = order.ravel()
    value = cells[row, column]
    keep = value > 0
    return row[keep] + start, column[keep], _rounded(value[keep] / _STEP**2)


def _rounded(cosines: np.ndarray) -> np.ndarray:
    """Whole units of similarity, at most 1: coordinates are rounded, so a sum may exceed it."""
    return np.asarray(np.minimum(np.rint(cosines / UNIT) * UNIT, 1.0))
