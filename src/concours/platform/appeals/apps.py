from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "concours.platform.appeals"
    label = "appeals"

    def ready(self) -> None:
        from concours.platform.appeals.interfaces import admin  # noqa: F401
