"""Which executor runs cases here: by one setting."""

from __future__ import annotations

import os

from concours.evaluation.executors.local import LocalExecutor
from concours.evaluation.executors.protocol import Executor

ADDRESS = "RAY_ADDRESS"


def cluster() -> str:
    """The address of the cluster on which cases run, "" for this machine alone."""
    return os.environ.get(ADDRESS, "").strip()


def cluster_fault() -> str:
    """Why no case can run on that cluster, found within seconds; "" where there is none named."""
    if not cluster():
        return ""
    from concours.evaluation.executors.cluster import reach

    try:
        reach(cluster())
    except ConnectionError as error:
        return str(error)
    return ""


def executor_from_settings(workers: int | None = None) -> Executor:
    """A cluster's, where the environment's RAY_ADDRESS names one; else processes of this machine.

    workers: of this machine; a cluster has its own. Raises ConnectionError where ray is not
    installed (`pip install 'concours[ray]'`), and where no cluster can be joined.
    """
    address = cluster()
    if not address:
        return LocalExecutor(workers)
    from concours.evaluation.executors.cluster import RayExecutor

    return RayExecutor(address)
