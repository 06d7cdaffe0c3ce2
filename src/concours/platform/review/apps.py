from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "concours.platform.review"
    label = "review"
