"""How people want to learn of what concerns them, and in which time zone they read moments."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.notifications.enums import ALWAYS, DEFAULTS, Channel, Kind
from concours.platform.notifications.models import ChannelChoice, Preference
from concours.platform.record import domain as record

UTC_ZONE = zoneinfo.ZoneInfo("UTC")


@cache
def time_zones() -> tuple[str, ...]:
    """Names of the IANA database that this machine knows, in order."""
    places = {name for name in zoneinfo.available_timezones() if "/" in name}
    return ("UTC", *sorted(name for name in places if not name.startswith("Etc/")))


def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """That time zone; UTC for a name that this machine does not know (any longer)."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC_ZONE


def zone_of(*, user: Any) -> zoneinfo.ZoneInfo:
    """In which `user` reads moments."""
    row = Preference.objects.filter(user_id=user.pk).values_list("time_zone", flat=True).first()
    return zone_named(row or "UTC")


def channels_of(*, user_ids: Collection[int], kind: Kind) -> dict[int, Channel]:
    """{key of person: channel} for one kind: what they chose, else its default."""
    found = dict.fromkeys(user_ids, Channel.MAIL if kind in ALWAYS else DEFAULTS[kind])
    if kind in ALWAYS:
        return found
    chosen = ChannelChoice.objects.filter(kind=kind, user_id__in=list(user_ids))
    for user_id, channel in chosen.values_list("user_id", "channel"):
        found[user_id] = Channel(channel)
    return found


def choices_of(*, user: Any) -> dict[Kind, Channel]:
    """Every kind with the channel that holds for `user`."""
    chosen = dict(ChannelChoice.objects.filter(user_id=user.pk).values_list("kind", "channel"))
    return {
        kind: Channel.MAIL if kind in ALWAYS else Channel(chosen.get(kind, DEFAULTS[kind]))
        for kind in Kind
    }


@transaction.atomic
def choose(*, actor: Any, channels: Mapping[str, str], time_zone: str) -> None:
    """Set the channel of the kinds named, and the time zone; the record names what changed.

    Raises Refused for unknown kinds, channels and time zones, and for another channel of a kind
    that cannot be turned off.
    """
    require(actor, "notifications.choose_channels")
    actor = lock(actor)
    if time_zone not in time_zones():
        raise Refused("unknown-time-zone", _("Choose one of the time zones offered."))
    if set(channels) - set(Kind) or set(channels.values()) - set(Channel):
        raise Refused("unknown-channel", _("Choose one of the channels offered."))
    if any(channels.get(kind, Channel.MAIL) != Channel.MAIL for kind in ALWAYS):
        raise Refused("not-to-be-turned-off", _("Mails about your account’s safety always go."))
    before = choices_of(user=actor)
    changed = sorted(kind for kind, channel in channels.items() if before[Kind(kind)] != channel)
    for kind in changed:
        ChannelChoice.objects.update_or_create(
            user=actor, kind=kind, defaults={"channel": channels[kind]}
        )
    if zone_of(user=actor).key != time_zone:
        Preference.objects.update_or_create(user=actor, defaults={"time_zone": time_zone})
        changed.append("time-zone")
    if changed:
        record.append(actor=actor, verb="notices.chosen", subject=actor, data={"changed": changed})


@transaction.atomic
def stop_mail(*, user: Any, kind: Kind) -> bool:
    """Send `user` no more mail about the kind, as a link in a mail asks; whether that changed it.

    The page goes on showing it. What cannot be turned off stays.
    """
    user = lock(user)
    if kind in ALWAYS or choices_of(user=user)[kind] in {Channel.PAGE, Channel.OFF}:
        return False
    ChannelChoice.objects.update_or_create(user=user, kind=kind, defaults={"channel": Channel.PAGE})
    record.append(actor=user, verb="notices.chosen", subject=user, data={"changed": [str(kind)]})
    return True
