from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "concours.platform.competitions"
    label = "competitions"
