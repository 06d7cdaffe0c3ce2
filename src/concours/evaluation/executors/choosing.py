"""Which executor runs cases here: by one setting."""

from __future__ import annotations

import os

from concours.evaluation.executors.local import LocalExecutor
from concours.evaluation.executors.protocol import Executor

ADDRESS = "RAY_ADDRESS"


def executor_from_settings(workers: int | None = None) -> Executor:
    """A cluster's, where the environment's RAY_ADDRESS names one; else processes of this machine.

    workers: of this machine; a cluster has its own. Raises ConnectionError where ray is not
    installed (`pip install 'concours[ray]'`), and where no cluster can be joined.
    """
    address = os.environ.get(ADDRESS, "").strip()
    if not address:
        return LocalExecutor(workers)
    from concours.evaluation.executors.cluster import RayExecutor

    return RayExecutor(address)
