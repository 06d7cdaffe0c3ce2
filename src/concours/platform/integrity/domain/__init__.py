"""Reports of what holds in a season."""

from concours.platform.integrity.domain.making import latest_report, make_report
from concours.platform.integrity.domain.reading import faults_in, faults_of

__all__ = ["faults_in", "faults_of", "latest_report", "make_report"]
