from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "concours.platform.web"
    label = "web"
