from concours.platform.webhooks.models.webhook import Delivery, Webhook

__all__ = ["Delivery", "Webhook"]
