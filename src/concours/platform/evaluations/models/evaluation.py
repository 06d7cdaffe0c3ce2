from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.core.ids import new_code
from concours.platform.evaluations.enums import OPEN, CaseState, EvaluationState, Split


class Evaluation(models.Model):
    """One run of one submission on one split by one version of an evaluator: a row of the queue.

    A running one is held by `worker` under a lease. `attempts` counts how often it was taken up
    and, with `worker`, names the lease: whoever writes compares both. `beat` grows while the
    worker is alive. `losses` counts the leases that ended in a worker's death or fault.
    `virtual` is the team's account of machine time, in seconds, when the run was taken up, and
    `charged` what was added to it.
    `reason` is for the entrant, `detail` for staff alone; `log` is what the entrant may read of a
    public split. `seconds` is how long the last attempt took. `seal` is what the record holds:
    the SHA-256 of the result with `salt`. `reevaluation` names the staged re-evaluation that asked
    for it, empty for an ordinary run.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    submission = models.ForeignKey(
        "competitions.Submission", on_delete=models.PROTECT, related_name="evaluations"
    )
    evaluator = models.ForeignKey(
        "evaluations.Evaluator", on_delete=models.PROTECT, related_name="evaluations"
    )
    account = models.ForeignKey(
        "evaluations.Account", on_delete=models.PROTECT, related_name="evaluations"
    )
    split = models.CharField(max_length=10, choices=Split.choices)
    state = models.CharField(
        max_length=10, choices=EvaluationState.choices, default=EvaluationState.QUEUED
    )
    seed = models.BigIntegerField()
    worker = models.ForeignKey(
        "evaluations.Worker",
        on_delete=models.SET_NULL,
        related_name="evaluations",
        null=True,
        blank=True,
    )
    attempts = models.PositiveIntegerField(default=0)
    beat = models.PositiveIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    virtual = models.FloatField(null=True, blank=True)
    charged = models.FloatField(default=0.0)
    stopping = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    log = models.TextField(blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    values = models.JSONField(default=dict, blank=True)
    intervals = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    reevaluation = models.CharField(max_length=20, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "evaluator", "split", "reevaluation"],
                condition=models.Q(state__in=OPEN),
                name="one_open_evaluation_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EvaluationState.SCORED)
                | ~models.Q(digest="") & models.Q(finished_at__isnull=False),
                name="a_scored_evaluation_has_its_digest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "id"],
                condition=models.Q(state=EvaluationState.QUEUED),
                name="evaluation_queue",
            ),
            models.Index(fields=["state", "id"], name="evaluation_by_state"),
            models.Index(fields=["virtual"], name="evaluation_by_virtual"),
            models.Index(fields=["evaluator", "split", "state"], name="evaluation_by_split"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def run_seed(self) -> int:
        """What all chance in the run follows from, as `concours drive run --seed` takes it."""
        return self.seed % 2**32

    @property
    def open(self) -> bool:
        return self.state in OPEN


class CaseResult(models.Model):
    """What one case came to. `artefacts` lists its files as {name, size, digest}.

    They lie in `folder`, relative to the artefacts' folder.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="cases")
    position = models.PositiveIntegerField()
    case = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=CaseState.choices)
    values = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    seconds = models.FloatField()
    folder = models.CharField(max_length=200, blank=True)
    artefacts = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("evaluation_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "case"], name="one_result_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case} of {self.evaluation_id}"
