"""Addresses of integrity reports."""

from __future__ import annotations

from django.urls import path, register_converter

from concours.platform.integrity.interfaces import pages

app_name = "integrity"


class Form:
    """The two forms of a report as a file."""

    regex = "json|html"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Form, "report_form")

SEASON = "seasons/<slug:season>/integrity/"

urlpatterns = [
    path(SEASON, pages.report, name="report"),
    path(SEASON + "make/", pages.make, name="make"),
    path(SEASON + "<int:number>.<report_form:form>", pages.document, name="document"),
]
