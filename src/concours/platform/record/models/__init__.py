from concours.platform.record.models.event import ChainHead, Event
from concours.platform.record.models.follower import Follower

__all__ = ["ChainHead", "Event", "Follower"]
