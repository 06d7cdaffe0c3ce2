"""Who may do what with feeds. Public ones show what everyone sees, whoever asks for them."""

from __future__ import annotations

import rules

from concours.platform.accounts.domain.permissions import signed_in

rules.add_perm("feeds.keep_calendar", signed_in)
