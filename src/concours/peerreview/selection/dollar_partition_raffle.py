"""Dollar Partition Raffle: seats are drawn one by one by the parts' shares of the votes.

H. Aziz et al., "Strategyproof peer selection: mechanisms, analyses, and experiments", AAAI 2016.
"""

from __future__ import annotations

import numpy as np
from scipy.special import bdtrc

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import Keyed
from concours.peerreview.selection.beside import mixed_score, mixed_shares
from concours.peerreview.selection.exact_dollar_partition import part_shares
from concours.peerreview.selection.result import RaffleResult
from concours.peerreview.selection.scores import mean_share, review_places
from concours.peerreview.selection.task import SelectionTask


class DollarPartitionRaffle:
    """Exact size; impartial in probability. Its seats vary more than Exact Dollar Partition's.

    A part's seats are binomial in its share. That holds only where every part could take all
    seats: the size may not exceed the smallest part, for a full part would hand seats on by the
    shares of others, which the reporter's votes move. Raising an entry in a report never unselects
    it.
    """

    name = "dollar-partition-raffle"

    def select(self, task: SelectionTask) -> RaffleResult:
        """O(m + n log n) time. Raises BadInput where fewer than two parts have entries or a part
        has fewer than `size`."""
        task.require_parts(self.name)
        least = int(task.part_sizes.argmin())
        if task.part_sizes[least] < task.size:
            raise BadInput(
                f"{self.name}: part {least} has {task.part_sizes[least]} entries, fewer than the "
                f"size {task.size}: deal the entries to fewer parts, or use exact-dollar-partition"
            )
        places = review_places(task, parts=True)
        share = mixed_shares(task, part_shares(task, places))
        ends = np.cumsum(share)
        lots = Keyed(task.seed, "select/raffle").uniforms(task.size) * ends[-1]
        seats = np.bincount(
            np.minimum(np.searchsorted(ends, lots, side="right"), len(share) - 1),
            minlength=len(share),
        )
        score = mixed_score(task, mean_share(task, places))
        place = task.places(score, task.part)
        chosen = place <= seats[task.part]
        wide = np.minimum(place - 1, task.size)
        return RaffleResult(
            method=self.name,
            impartial=True,
            selected=np.flatnonzero(chosen),
            chosen=chosen.astype(np.int64),
            probability=np.asarray(bdtrc(wide, task.size, share[task.part])),
            score=score,
            part=task.part.astype(np.int64),
            place=place,
            share=share,
            quota=share * task.size,
            seats=seats,
        )
