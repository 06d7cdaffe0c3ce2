from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "concours.platform.integrity"
    label = "integrity"
