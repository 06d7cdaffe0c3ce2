from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "concours.platform.web"
    label = "web"
    default = True


class OperatorAdminConfig(SimpleAdminConfig):
    """Django's admin with our site, finding each app's interfaces/admin.py."""

    default_site = "concours.platform.web.interfaces.admin.OperatorSite"

    def ready(self) -> None:
        super().ready()
        autodiscover_modules("interfaces.admin", register_to=admin.site)
