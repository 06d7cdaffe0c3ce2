"""The agent `careful` in the hands of its nodes."""

import frames  # noqa: F401  lets the baselines be imported
from careful import Careful
from following import briefed


def carer(briefing):
    """A Careful that knows its way and has taken no step."""
    return briefed(Careful(), briefing)
