from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "concours.platform.register"
    label = "register"
