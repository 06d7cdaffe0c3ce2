from __future__ import annotations

from django.urls import path

from concours.platform.criteria.interfaces import acts, pages

app_name = "criteria"
urlpatterns = [
    path("projects/<slug:slug>/criteria/", pages.project, name="project"),
    path("projects/<slug:slug>/criteria/maintainers/", acts.name_maintainer, name="maintainers"),
    path(
        "projects/<slug:slug>/criteria/maintainers/<slug:person>/remove/",
        acts.remove_maintainer,
        name="remove-maintainer",
    ),
    path("assessments/<slug:code>/", pages.assessment, name="assessment"),
    path("assessments/<slug:code>/report/", acts.add_report, name="add-report"),
    path("assessments/<slug:code>/close/", acts.close, name="close"),
    path("assessments/<slug:code>/rows/<str:row>/", pages.row, name="row"),
    path(
        "assessments/<slug:code>/rows/<str:row>/evidence/", acts.add_evidence, name="add-evidence"
    ),
    path("assessments/<slug:code>/rows/<str:row>/judge/", acts.judge, name="judge"),
    path("evidence/<slug:evidence>/", pages.evidence_file, name="evidence"),
    path("evidence/<slug:evidence>/withdraw/", acts.withdraw, name="withdraw"),
    path("criteria-reports/<slug:report>/", pages.report_file, name="report"),
]
