"""What can go wrong with an agent, and who is to blame."""

from __future__ import annotations

from enum import StrEnum

from concours.driving.agents.captured import readable


class FailureKind(StrEnum):
    """Why an agent was stopped."""

    BAD_FILE = "bad file"
    """The file cannot be imported, or holds no agent."""
    BAD_SENSORS = "bad sensors"
    """`sensors()` answers with what is not a list of sensors, or with sensors not allowed."""
    BAD_CONTROL = "bad control"
    """A step answered with NaN, nothing, or what is not a control."""
    RAISED = "raised"
    HUNG = "hung"
    """No answer in the time allowed, more often than allowed."""
    EXITED = "exited"
    KILLED = "killed"
    """By a signal that has no better name here."""
    MEMORY = "out of memory"
    CPU = "out of CPU time"
    PROTOCOL = "protocol"
    """It wrote into the pipe that only the engine's own code writes into."""


class AgentFailed(Exception):
    """The agent's fault: the run ends, and the reason goes into the report.

    Attributes:
        kind: one of FailureKind. reason: what happened, in words; a traceback where there is one.
            What no file, database or terminal takes is marked.
        log: what the agent printed, its head and tail.
    """

    def __init__(self, kind: FailureKind, reason: str, log: str = "") -> None:
        reason = readable(reason)
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.log = log


class IsolationMissing(RuntimeError):
    """This machine lacks a layer of isolation that was asked for: not the agent's fault."""
