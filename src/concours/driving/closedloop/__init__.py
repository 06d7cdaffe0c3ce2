"""The closed loop: an algorithm drives the ego of a scenario, and what came of it is kept."""

from concours.driving.closedloop.asking import NoTask, ego_of, task_of
from concours.driving.closedloop.plan import Option, PlanPoint, plan_of
from concours.driving.closedloop.run import CONTROL_FIELDS, Run
from concours.driving.closedloop.task import Task

__all__ = [
    "CONTROL_FIELDS",
    "NoTask",
    "Option",
    "PlanPoint",
    "Run",
    "Task",
    "ego_of",
    "plan_of",
    "task_of",
]
