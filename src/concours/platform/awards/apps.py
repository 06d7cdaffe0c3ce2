from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "concours.platform.awards"
    label = "awards"

    def ready(self) -> None:
        from concours.platform.accounts.domain.deeds import sections
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.awards.domain import deeds, people
        from concours.platform.awards.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
        sections.extend([deeds.ENTRIES, deeds.AWARDS])
