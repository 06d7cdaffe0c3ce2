"""Charters and votes: who votes by which rule, counted exactly, and counted again by anyone.

A library: it knows neither the platform nor a database nor the time of day.
"""

from concours.governance.attendance import Suspension, suspended
from concours.governance.ballots import (
    ABSTAIN,
    NO,
    YES,
    Ballot,
    Voter,
    commitment,
    together,
)
from concours.governance.charter import Charter, CharterBody, Source, Transition
from concours.governance.counting import count, count_secret, recusals_that_hold, why_no_voter
from concours.governance.errors import BadCharter, BadVote
from concours.governance.outcome import (
    SENTENCES,
    Aside,
    Outcome,
    Result,
    Step,
    Tally,
    facts_of_outcome,
    sentence,
)
from concours.governance.presets import preset_names, preset_text
from concours.governance.reading import read_charter
from concours.governance.recounting import Recounted, recount
from concours.governance.rule import (
    Abstentions,
    LateBallots,
    LostRole,
    Measure,
    RecusalRule,
    Rule,
    Tie,
    Veto,
    facts_of,
    rule_from,
)
from concours.governance.shares import share_of, with_thresholds

__all__ = [
    "ABSTAIN",
    "NO",
    "SENTENCES",
    "YES",
    "Abstentions",
    "Aside",
    "BadCharter",
    "BadVote",
    "Ballot",
    "Charter",
    "CharterBody",
    "LateBallots",
    "LostRole",
    "Measure",
    "Outcome",
    "Recounted",
    "RecusalRule",
    "Result",
    "Rule",
    "Source",
    "Step",
    "Suspension",
    "Tally",
    "Tie",
    "Transition",
    "Veto",
    "Voter",
    "commitment",
    "count",
    "count_secret",
    "facts_of",
    "facts_of_outcome",
    "preset_names",
    "preset_text",
    "read_charter",
    "recount",
    "recusals_that_hold",
    "rule_from",
    "sentence",
    "share_of",
    "suspended",
    "together",
    "why_no_voter",
    "with_thresholds",
]
