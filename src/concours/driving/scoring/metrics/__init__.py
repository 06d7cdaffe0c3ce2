"""Metrics: small pure functions of observations and limits, one file a family."""
