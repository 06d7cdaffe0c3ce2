from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "concours.platform.profiles"
    label = "profiles"

    def ready(self) -> None:
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.accounts.domain.moving import TWICE_IS_ONCE
        from concours.platform.profiles.domain import people
        from concours.platform.profiles.interfaces import admin  # noqa: F401
        from concours.platform.profiles.models import Profile

        holdings.append(people.HOLDING)
        TWICE_IS_ONCE.append(Profile)
