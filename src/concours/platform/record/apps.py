from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "concours.platform.record"
    label = "record"
