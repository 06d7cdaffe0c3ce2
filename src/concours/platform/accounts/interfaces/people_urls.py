from __future__ import annotations

from django.urls import path

from concours.platform.accounts.interfaces import pages

app_name = "people"
urlpatterns = [path("<str:code>/", pages.person, name="person")]
