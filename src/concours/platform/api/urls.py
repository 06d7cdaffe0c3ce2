from __future__ import annotations

from django.urls import path

from concours.platform.api.api import api

urlpatterns = [path("", api.urls)]
