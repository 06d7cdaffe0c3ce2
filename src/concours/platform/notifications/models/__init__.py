from concours.platform.notifications.models.mail import Mail
from concours.platform.notifications.models.notification import Notification, Occasion
from concours.platform.notifications.models.preferences import ChannelChoice, KnownPlace, Preference

__all__ = [
    "ChannelChoice",
    "KnownPlace",
    "Mail",
    "Notification",
    "Occasion",
    "Preference",
]
