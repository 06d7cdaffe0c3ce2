from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "concours.platform.criteria"
    label = "criteria"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.criteria.domain import people
        from concours.platform.criteria.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
