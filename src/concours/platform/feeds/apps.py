from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "concours.platform.feeds"
    label = "feeds"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.accounts.domain.moving import TWICE_IS_ONCE
        from concours.platform.feeds.domain import people
        from concours.platform.feeds.models import CalendarKey

        holdings.append(people.HOLDING)
        TWICE_IS_ONCE.append(CalendarKey)
