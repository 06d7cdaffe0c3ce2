from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "concours.platform.handover"
    label = "handover"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.handover.domain import people
        from concours.platform.handover.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
