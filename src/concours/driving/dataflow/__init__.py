"""Agents that are dataflows: graphs of dora nodes, asked in lock-step; and old graphs made new.

from concours.driving.dataflow import DoraAgent, migrate

with DoraAgent(AgentSpec(path="graph.yml")) as agent:
    sensors = agent.start(Briefing(lat_ref=0.0, lon_ref=0.0, plan=way))
    answer = agent.step(frame=0, timestamp=0.05, readings={"gps": (0, position)})

What nodes are sent and answer with is told in `messages.py`.
"""

from concours.driving.dataflow.agent import DoraAgent, NoDora, dataflow_limits
from concours.driving.dataflow.graph import BadGraph
from concours.driving.dataflow.migrating import Change, Migrated, migrate
from concours.driving.dataflow.sources import migrate_source

__all__ = [
    "BadGraph",
    "Change",
    "DoraAgent",
    "Migrated",
    "NoDora",
    "dataflow_limits",
    "migrate",
    "migrate_source",
]
