"""The closed loop: an algorithm drives the ego of a scenario, and what came of it is kept."""

from concours.driving.closedloop.run import CONTROL_FIELDS, Run
from concours.driving.closedloop.task import Task

__all__ = ["CONTROL_FIELDS", "Run", "Task"]
