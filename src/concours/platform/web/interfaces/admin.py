"""Django's admin, for operators: it shows much, changes little, and records each change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.permissions import is_operator
from concours.platform.core.errors import NotPermitted
from concours.platform.record import domain as record


class OperatorSite(admin.AdminSite):
    """Open to operators alone, by the one sign-in page: it has the limits on wrong passwords."""

    site_header = _("Concours: administration")
    site_title = _("Concours")
    index_title = _("Stored data")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(is_operator(request.user))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise NotPermitted("not-permitted", _("The administration is for operators."))
        query = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse('account_login')}?{query}")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Of the two forms the one that records the change."""
        return redirect("account_change_password")


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shows rows; domain functions alone change them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(is_operator(request.user))


class RecordedModelAdmin(ReadOnlyAdmin):
    """Lets operators change the fields in `editable` and appends which changed to the record.

    The change view runs in a transaction of Django's, so that both happen or neither. The event
    names the fields, and of those in `telling` (flags, kinds; never texts) the new value too.
    """

    editable: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(is_operator(request.user))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = self.fields or [field.name for field in self.model._meta.fields]
        return [str(name) for name in shown if name not in self.editable]

    def record_subject(self, obj: models.Model) -> str:
        """How the record names the object; its code, slug or key unless overridden."""
        return record.subject_name(obj)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool
    ) -> None:
        changed = [name for name in form.changed_data if name in self.editable]
        if not changed:
            return
        obj.save(update_fields=changed)
        record.append(
            actor=request.user,
            verb=f"{obj._meta.model_name}.edited-by-operator",
            subject=self.record_subject(obj),
            data={
                "changed": changed,
                "values": {name: getattr(obj, name) for name in changed if name in self.telling},
            },
        )
