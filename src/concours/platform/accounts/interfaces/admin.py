from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.models import Affiliation, ApiToken, Organisation, StaffRole, User
from concours.platform.accounts.models.organisation import name_key
from concours.platform.web.interfaces.admin import ReadOnlyAdmin, RecordedModelAdmin


@admin.register(User)
class UserAdmin(RecordedModelAdmin):
    """Whether somebody may sign in, and whether they run the installation."""

    editable = ("is_active", "is_superuser")
    fields = ("code", "name", "email", "language", "date_joined", "last_login", *editable)
    telling = editable
    list_display = ("code", "name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("code", "name", "email")
    ordering = ("pk",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody takes their own rights away by mistake: another operator has to."""
        own = obj is not None and obj.pk == request.user.pk
        return list(self.fields) if own else super().get_readonly_fields(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        User.objects.filter(pk=obj.pk).update(is_staff=obj.is_superuser)


class OrganisationForm(forms.ModelForm[Organisation]):
    def clean_name(self) -> str:
        """Refuse another organisation's name in another spelling."""
        name = " ".join(self.cleaned_data["name"].split())
        same = Organisation.objects.exclude(pk=self.instance.pk).filter(name_key=name_key(name))
        if not name_key(name) or same.exists():
            raise forms.ValidationError(_("Another organisation has this name."))
        return name


@admin.register(Organisation)
class OrganisationAdmin(RecordedModelAdmin):
    """Mends names and kinds that somebody mistyped."""

    form = OrganisationForm
    fields = ("slug", "name", "name_zh", "kind", "abroad")
    editable = ("name", "name_zh", "kind", "abroad")
    telling = ("kind", "abroad")
    list_display = ("name", "name_zh", "kind", "abroad")
    list_filter = ("kind", "abroad")
    search_fields = ("name", "name_zh")

    def record_subject(self, obj: Any) -> str:
        return f"organisation:{obj.pk}"


@admin.register(Affiliation)
class AffiliationAdmin(ReadOnlyAdmin):
    list_display = ("user", "organisation", "title")
    list_select_related = ("user", "organisation")


@admin.register(StaffRole)
class StaffRoleAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "season")
    list_select_related = ("user", "season")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("code", "user", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    fields = ("code", "user", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
