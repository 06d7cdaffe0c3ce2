"""`concours operator`: an account for somebody who runs the installation."""

from __future__ import annotations

from typing import Annotated

import typer

from concours.cli.console import console, give_up
from concours.cli.platform import awake


def operator(
    email: Annotated[str, typer.Argument(help="The operator's e-mail address.")],
    name: Annotated[str, typer.Option(help="The name that pages show.")] = "Operator",
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            help="Asked for when it is not given; better not given, shells remember.",
        ),
    ] = "",
) -> None:
    """Make an operator's account: the first one, or one more."""
    with awake():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email

        from concours.platform.accounts.domain.people import create_operator
        from concours.platform.core.actors import System
        from concours.platform.core.errors import Refused

        try:
            validate_email(email)
            validate_password(password)
            create_operator(actor=System("cli"), email=email, name=name, password=password)
        except ValidationError as error:
            give_up(" ".join(error.messages))
        except Refused as refused:
            give_up(str(refused))
    console.print(f"{email} may sign in as an operator.")
