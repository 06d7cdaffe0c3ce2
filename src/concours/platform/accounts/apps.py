from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "concours.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        from concours.platform.accounts.interfaces import factors  # noqa: F401
        from concours.platform.accounts.interfaces.oidc import people  # noqa: F401
