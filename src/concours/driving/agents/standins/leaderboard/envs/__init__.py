"""Stands in where the real package is absent."""
