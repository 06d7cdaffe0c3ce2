"""Django's `migrate`, which makes an empty database's schema at once."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from concours.platform.operating import fresh_schema

SPECIAL = ("app_label", "plan", "fake", "fake_initial", "check_unapplied", "prune")
"""With any of these asked for, it is Django's own command."""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if any(options[one] for one in SPECIAL) or not fresh_schema.is_empty(connection):
            super().handle(*args, **options)
            return
        made = fresh_schema.make(connection, verbosity=options["verbosity"])
        if options["verbosity"] >= 1:
            self.stdout.write(f"The schema of {made} migrations is made.")
