from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "concours.platform.accounts"
    label = "accounts"
