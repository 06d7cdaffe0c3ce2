from django.apps import AppConfig


class IncubationConfig(AppConfig):
    name = "concours.platform.incubation"
    label = "incubation"

    def ready(self) -> None:
        from concours.platform.accounts.domain.deeds import sections
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.incubation.domain import deeds, people
        from concours.platform.incubation.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
        sections.append(deeds.MENTORING)
