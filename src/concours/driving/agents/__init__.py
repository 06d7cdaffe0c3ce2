"""Agents: driving algorithms in a process of their own, asked in lock-step.

from concours.driving.agents import AgentProcess, AgentSpec, Briefing

with AgentProcess(AgentSpec(path="agent.py")) as agent:
    sensors = agent.start(Briefing(lat_ref=0.0, lon_ref=0.0, plan=way))
    answer = agent.step(frame=0, timestamp=0.05, readings={"gps": (0, position)})
"""

from concours.driving.agents.captured import gist
from concours.driving.agents.control import Control, DirectControl, Missed, read_control
from concours.driving.agents.errors import AgentFailed, FailureKind, IsolationMissing
from concours.driving.agents.inprocess import InProcessAgent
from concours.driving.agents.process import AgentProcess
from concours.driving.agents.spec import AgentSpec, Briefing, Limits, PlanPoint, Usage
from concours.driving.agents.zygote import Zygote, ZygoteEnded

__all__ = [
    "AgentFailed",
    "AgentProcess",
    "AgentSpec",
    "Briefing",
    "Control",
    "DirectControl",
    "FailureKind",
    "InProcessAgent",
    "IsolationMissing",
    "Limits",
    "Missed",
    "PlanPoint",
    "Usage",
    "Zygote",
    "ZygoteEnded",
    "gist",
    "read_control",
]
