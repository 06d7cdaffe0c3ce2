from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "concours.platform.donations"
    label = "donations"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.donations.domain import people
        from concours.platform.donations.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
