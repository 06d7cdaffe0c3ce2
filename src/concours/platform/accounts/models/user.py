from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code


class PersonManager(UserManager["User"]):
    """People are known by e-mail; there are no user names."""

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self._create(email, password, **fields)

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self._create(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. `code` stands for them in the record and in addresses; `name` is what they show."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    biography = models.TextField(_("about you"), max_length=2_000, blank=True)
    language = models.CharField(_("language of mail"), max_length=10, default="en")
    # Told by the person; when they were born is asked by nobody and kept nowhere.
    under_age = models.BooleanField(default=False, editable=False)
    consent_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Rows that only stand for a code in the record; nobody signs in with them.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or a stand-in that does not give the address away."""
        return self.name or f"user-{self.code[:6]}"

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name
