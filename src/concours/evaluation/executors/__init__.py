"""Where cases run: in processes of this machine, or on a Ray cluster (executors.cluster)."""

from concours.evaluation.executors.choosing import executor_from_settings
from concours.evaluation.executors.local import LocalExecutor
from concours.evaluation.executors.protocol import Executor

__all__ = ["Executor", "LocalExecutor", "executor_from_settings"]
