from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "concours.platform.criteria"
    label = "criteria"

    def ready(self) -> None:
        from concours.platform.criteria.interfaces import admin  # noqa: F401
