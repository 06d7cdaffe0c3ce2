from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "concours.platform.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from concours.platform.webhooks.interfaces import tasks  # noqa: F401
