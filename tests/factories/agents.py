"""Agents written to files: what the test gives, in a class that is otherwise well-behaved."""

from __future__ import annotations

import textwrap
from pathlib import Path

from concours.driving.agents import Limits

SPEEDOMETER = "return [{'type': 'sensor.speedometer', 'id': 'speed'}]"


def agent(
    folder: Path,
    *,
    step: str = "return {'throttle': 0.25}",
    setup: str = "pass",
    sensors: str = SPEEDOMETER,
    destroy: str = "pass",
    top: str = "",
) -> Path:
    """A file with an agent that needs nothing but Python; bodies of its methods as given."""
    methods = {
        "setup(self, path_to_conf_file)": setup,
        "sensors(self)": sensors,
        "run_step(self, input_data, timestamp)": step,
        "destroy(self)": destroy,
    }
    body = "\n".join(
        f"    def {head}:\n{textwrap.indent(textwrap.dedent(text).strip(), ' ' * 8)}"
        for head, text in methods.items()
    )
    imports = "import os, signal, socket, subprocess, sys, threading, time\n"
    own = folder / "agent"
    own.mkdir(exist_ok=True)
    file = own / "agent.py"
    file.write_text(f"{imports}{textwrap.dedent(top)}\nclass Agent:\n{body}\n")
    return file


def limits(**changed: object) -> Limits:
    """Patient where a busy machine needs it, strict where a test waits for the end."""
    given = {"setup_seconds": 60.0, "first_step_seconds": 30.0, "missed_steps": 0, **changed}
    return Limits(**given)  # type: ignore[arg-type]
