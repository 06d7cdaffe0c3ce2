from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "concours.platform.awards"
    label = "awards"
