"""Addresses of appeals and staged changes."""

from __future__ import annotations

from django.urls import path

from concours.platform.appeals.interfaces.pages import appeals, changes, desk, judging

app_name = "appeals"

APPEALS = "seasons/<slug:season>/tracks/<slug:track>/appeals/"
DESK = APPEALS + "desk/"
CHANGES = APPEALS + "changes/"
ONE = APPEALS + "<slug:code>/"

urlpatterns = [
    path(APPEALS, appeals.track, name="track"),
    path(APPEALS + "new/<slug:code>/", appeals.file, name="file"),
    path(DESK, desk.desk, name="desk"),
    path(DESK + "judges/", desk.appoint, name="appoint"),
    path(DESK + "judges/<slug:code>/remove/", desk.remove, name="remove-judge"),
    path(CHANGES, changes.listed, name="changes"),
    path(CHANGES + "new/", changes.new, name="new-changes"),
    path(CHANGES + "<slug:code>/", changes.show, name="change-set"),
    path(CHANGES + "<slug:code>/add/", changes.add, name="add-change"),
    path(CHANGES + "<slug:code>/drop/<int:key>/", changes.drop, name="drop-change"),
    path(CHANGES + "<slug:code>/preview/", changes.preview, name="preview-changes"),
    path(CHANGES + "<slug:code>/apply/", changes.apply, name="apply-changes"),
    path(CHANGES + "<slug:code>/cancel/", changes.cancel, name="cancel-changes"),
    path(CHANGES + "<slug:code>/reverse/", changes.reverse_set, name="reverse-changes"),
    path(ONE, appeals.appeal, name="appeal"),
    path(ONE + "attach/", appeals.attach, name="attach"),
    path(ONE + "files/<slug:file>/", appeals.attachment, name="attachment"),
    path(ONE + "withdraw/", appeals.withdraw, name="withdraw"),
    path(ONE + "admit/", judging.admit, name="admit"),
    path(ONE + "dismiss/", judging.dismiss, name="dismiss"),
    path(ONE + "hear/", judging.hear, name="hear"),
    path(ONE + "decide/", judging.decide, name="decide"),
    path(ONE + "aside/", judging.aside, name="aside"),
]
