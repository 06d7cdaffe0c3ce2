from concours.platform.feeds.models.calendar_key import CalendarKey

__all__ = ["CalendarKey"]
