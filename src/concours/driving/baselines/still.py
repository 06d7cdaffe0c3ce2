"""Stands on the brake from start to end: what no score may reward."""

from carla import VehicleControl
from leaderboard.autoagents.autonomous_agent import AutonomousAgent


class Still(AutonomousAgent):
    """Asks for no sensor."""

    def sensors(self):
        """None."""
        return []

    def run_step(self, input_data, timestamp):
        """Full brake."""
        return VehicleControl(brake=1.0)


def get_entry_point():
    """The agent's class."""
    return "Still"
