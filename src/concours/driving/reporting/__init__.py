"""Results to look at: one HTML page with scores, why points were lost, and every run to replay.

from concours.driving import reporting

Path("report.html").write_text(reporting.html(driven), encoding="utf-8")
"""

from concours.driving.reporting.page import html

__all__ = ["html"]
