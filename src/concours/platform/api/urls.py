from __future__ import annotations

from django.urls import path

from concours.platform.api.api import api
from concours.platform.api.pages import docs

urlpatterns = [
    path("docs", docs, name="api-docs"),
    path("", api.urls),
]
