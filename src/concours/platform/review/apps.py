from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "concours.platform.review"
    label = "review"

    def ready(self) -> None:
        from concours.platform.accounts.domain.deeds import sections
        from concours.platform.accounts.domain.holdings import holdings
        from concours.platform.review.domain import deeds, people

        holdings.append(people.HOLDING)
        sections.append(deeds.REVIEWS)
