from django.apps import AppConfig


class LeaderboardsConfig(AppConfig):
    name = "concours.platform.leaderboards"
    label = "leaderboards"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.evaluations.domain import on_finished
        from concours.platform.leaderboards.domain import people
        from concours.platform.leaderboards.domain.refreshing import run_finished
        from concours.platform.leaderboards.interfaces import admin  # noqa: F401

        on_finished.append(run_finished)
        holdings.append(people.HOLDING)
