"""What happens with notifications. Other apps make none by hand: they come from the record."""

from concours.platform.notifications.domain.digests import make_digests
from concours.platform.notifications.domain.following import follow
from concours.platform.notifications.domain.marking import (
    mark_all_read,
    mark_read,
    mark_unread,
    undo_mark_all,
    unread_count,
)
from concours.platform.notifications.domain.occasions import tell_occasions
from concours.platform.notifications.domain.posting import due, post
from concours.platform.notifications.domain.preferences import (
    choices_of,
    choose,
    stop_mail,
    time_zones,
    zone_of,
)
from concours.platform.notifications.domain.unsubscribing import read_token
from concours.platform.notifications.domain.words import Told, told_to

__all__ = [
    "Told",
    "choices_of",
    "choose",
    "due",
    "follow",
    "make_digests",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "post",
    "read_token",
    "stop_mail",
    "tell_occasions",
    "time_zones",
    "told_to",
    "undo_mark_all",
    "unread_count",
    "zone_of",
]
