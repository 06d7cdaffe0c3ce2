from concours.platform.integrity.models.report import IntegrityReport

__all__ = ["IntegrityReport"]
