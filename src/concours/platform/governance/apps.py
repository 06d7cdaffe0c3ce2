from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "concours.platform.governance"
    label = "governance"

    def ready(self) -> None:
        from concours.platform.accounts.domain.deeds import sections
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.governance.domain import deeds, people
        from concours.platform.governance.interfaces import admin  # noqa: F401

        holdings.append(people.HOLDING)
        sections.append(deeds.COMMITTEES)
