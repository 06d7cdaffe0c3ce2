from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "concours.platform.notifications"
    label = "notifications"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.accounts.domain.moving import TWICE_IS_ONCE
        from concours.platform.notifications.domain import people
        from concours.platform.notifications.interfaces import places, tasks  # noqa: F401

        holdings.append(people.HOLDING)
        TWICE_IS_ONCE.extend(people.TWICE_IS_ONCE)
