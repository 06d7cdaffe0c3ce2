"""Backups of an installation: a copy of its database, its files, and what says they are whole."""
