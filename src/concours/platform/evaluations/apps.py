from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "concours.platform.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.competitions.domain.submissions import on_ready
        from concours.platform.evaluations.domain import people
        from concours.platform.evaluations.domain.enqueueing import run_when_ready
        from concours.platform.evaluations.interfaces import admin  # noqa: F401

        on_ready.append(run_when_ready)
        holdings.append(people.HOLDING)
