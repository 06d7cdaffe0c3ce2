from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "concours.platform.competitions"
    label = "competitions"

    def ready(self) -> None:
        from concours.platform.competitions.interfaces import admin, tasks  # noqa: F401
