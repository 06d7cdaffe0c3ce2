"""An agent in the box of `concours.box`, put before its command line."""

from __future__ import annotations

from pathlib import Path

import concours
from concours.box import Limits, Mount, Order, prefix
from concours.driving.agents import process
from concours.driving.agents.spec import AgentSpec
from tests.boxes import needs_box

PACKAGE = Path(concours.__file__).parent
AGENT = """
import os

class Boxed:
    def sensors(self):
        print(os.path.exists({bait!r}), os.getuid())
        return []

    def run_step(self, input_data, timestamp):
        return None
"""


@needs_box
def test_an_agent_is_asked_through_the_box(tmp_path: Path) -> None:
    bait = tmp_path / "scenario.xosc"
    bait.write_text("secret")
    folder = tmp_path / "entry"
    folder.mkdir()
    (folder / "agent.py").write_text(AGENT.format(bait=str(bait)))
    parts = [PACKAGE / "__init__.py", PACKAGE / "driving", *PACKAGE.glob("jit*.py"), folder]
    mounts = [Mount(source=one, target=str(one)) for one in parts]
    # Less than the agent's own limits: what the box has set is not raised again.
    words = prefix(Order(argv=[], mounts=mounts, limits=Limits(cpu_seconds=60)))

    with process.AgentProcess(AgentSpec(path=folder / "agent.py", wrapper=words)) as agent:
        sensors = agent.start()
        log = agent.log
        agent.close()

    assert sensors == []
    assert log.split()[0] == "False"
    assert agent.usage.isolation["files"].startswith("landlock")
    assert agent.usage.isolation["processes"].startswith("missing")  # the box has made them
    assert agent.usage.cpu_seconds > 0.0
