from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "concours.platform.api"
    label = "api"
