"""What there is on this machine to shut agents in with."""

from __future__ import annotations

import tempfile
from pathlib import Path

from concours.driving.agents.process import AgentProcess
from concours.driving.agents.spec import AgentSpec

IDLE = """class Idle:
    def sensors(self):
        return []

    def run_step(self, input_data, timestamp):
        return None
"""


def layers() -> dict[str, str]:
    """Each of lockdown.LAYERS and what comes of it: tried out, with an agent that does nothing.

    What is said begins with "missing" where the machine lacks it. Raises AgentFailed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "idle.py"
        file.write_text(IDLE)
        with AgentProcess(AgentSpec(path=file)) as agent:
            agent.start()
            return dict(agent.usage.isolation)
