from concours.platform.record.models.event import ChainHead, Event

__all__ = ["ChainHead", "Event"]
