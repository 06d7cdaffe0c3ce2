from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "concours.platform.competitions"
    label = "competitions"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.competitions.domain import people
        from concours.platform.competitions.interfaces import admin, tasks  # noqa: F401

        holdings.append(people.HOLDING)
