from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WebhookState(TextChoices):
    ACTIVE = "active", _("active")
    SET_ASIDE = "set-aside", _("set aside")


class DeliveryState(TextChoices):
    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("not delivered")
