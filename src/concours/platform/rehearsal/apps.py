from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "concours.platform.rehearsal"
    label = "rehearsal"
