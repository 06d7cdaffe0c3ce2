"""Forms of entrants and of those who propose tracks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.interfaces.fields import TextField
from concours.platform.competitions.models import (
    Batch,
    Entry,
    RulesVersion,
    Season,
    Team,
    TrackProposal,
)
from concours.platform.web.interfaces.declaring import add_question, question_fields

MARKDOWN = _("You can use Markdown.")
ALONE = "alone"


class ProposalForm(forms.Form):
    """An answer to the call for tracks."""

    batch = forms.ModelChoiceField(
        label=_("Batch"), queryset=Batch.objects.none(), empty_label=None
    )
    topic = forms.CharField(label=_("Topic"), max_length=200)
    category = forms.CharField(
        label=_("Category"), max_length=100, help_text=_("For example: operating systems, tools.")
    )
    technical_area = forms.SlugField(
        label=_("Technical area"),
        max_length=80,
        required=False,
        help_text=_("A short name of letters, digits and hyphens, for example edge-computing."),
    )
    owner = forms.CharField(
        label=_("Owner of the track"),
        max_length=200,
        help_text=_("The company, university or community that answers for it."),
    )
    description = TextField(
        label=_("What is asked, and why"), max_length=20_000, help_text=MARKDOWN
    )
    rules = TextField(label=_("Rules"), max_length=100_000, help_text=MARKDOWN)
    format = TextField(
        label=_("Format of entries"),
        max_length=20_000,
        rows=4,
        help_text=_("What a submission holds: source code, a report, how it is run."),
    )
    prizes = TextField(label=_("Prizes"), max_length=5_000, rows=3, required=False)

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches: Any = self.fields["batch"]
        batches.queryset = season.batches.all()


class CommentForm(forms.Form):
    text = TextField(label=_("Comment"), max_length=5_000, rows=4, help_text=MARKDOWN)


class DecisionForm(forms.Form):
    """Staff approve or decline a proposal; the button pressed says which."""

    reason = TextField(
        label=_("Reasons"), max_length=5_000, rows=4, help_text=_("They are published.")
    )
    slug = forms.SlugField(
        label=_("Short name of the track"),
        max_length=80,
        required=False,
        help_text=_("For approval: it becomes part of the track's address."),
    )


class TeamForm(forms.Form):
    season = forms.ModelChoiceField(
        label=_("Season"), queryset=Season.objects.none(), empty_label=None
    )
    name = forms.CharField(label=_("Name of the team"), max_length=100)

    def __init__(self, *args: Any, seasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["season"]
        field.queryset = seasons


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class MergeForm(forms.Form):
    """The code of the team that this one is to become part of."""

    into = forms.SlugField(
        label=_("Code of the other team"),
        max_length=12,
        help_text=_("Its captain finds it on the team’s page."),
    )


class EntryForm(forms.Form):
    """What an entry says of itself."""

    title = forms.CharField(label=_("Title"), max_length=200)
    abstract = TextField(
        label=_("Abstract"),
        max_length=5_000,
        rows=6,
        required=False,
        help_text=_("Public. You can use Markdown. Name nobody: reviews are blind."),
    )

    def __init__(self, *args: Any, track: Any, said: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_question(self, track=track, said=said)

    def question(self) -> list[forms.BoundField]:
        return question_fields(self)


class ReviewerForm(forms.Form):
    """Which member pays the entry's debt of reviews."""

    reviewer = forms.ChoiceField(label=_("Reviewer"))

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {
            row.user.code: row.user for row in entry.team.memberships.select_related("user")
        }
        field: Any = self.fields["reviewer"]
        field.choices = [(code, user.display_name) for code, user in self.members.items()]
        field.initial = entry.reviewer.code


class EnterForm(EntryForm):
    """The one form that enters a track: team, entry, reviewer, rules."""

    field_order = ("team", "team_name", "title", "abstract", "reviewer", "rules")

    team = forms.ChoiceField(label=_("Who enters"), widget=forms.RadioSelect)
    team_name = forms.CharField(
        label=_("Name to enter under"),
        max_length=100,
        required=False,
        help_text=_("If you enter on your own: the name that is shown in place of a team's."),
    )
    reviewer = forms.ChoiceField(
        label=_("Reviewer"),
        required=False,
        help_text=_("Who of the team reviews the entries of others on behalf of yours."),
    )
    rules = forms.BooleanField()

    def __init__(
        self, *args: Any, teams: list[Team], rules: RulesVersion, person: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {team.code: team for team in teams}
        choice: Any = self.fields["team"]
        choice.choices = [(code, team.name) for code, team in self.teams.items()]
        choice.choices += [(ALONE, _("On my own"))]
        choice.initial = next(iter(self.teams), ALONE)
        self.fields["team_name"].initial = person.display_name
        self.fields["team_name"].required = not self.teams
        self.members = {
            f"{team.code}:{row.user.code}": row.user
            for team in teams
            for row in team.memberships.all()
        }
        others = self._by_team(teams, person)
        if others:
            who: Any = self.fields["reviewer"]
            who.choices = [("", _("Myself")), *others]
        else:
            del self.fields["reviewer"]
        self.fields["rules"].label = _(
            "I accept the rules, version %(number)d (SHA-256 %(digest)s…)"
        ) % {"number": rules.number, "digest": rules.digest[:12]}

    @staticmethod
    def _by_team(teams: list[Team], person: Any) -> list[tuple[str | Promise, Any]]:
        groups: list[tuple[str | Promise, Any]] = []
        for team in teams:
            others = [row.user for row in team.memberships.all() if row.user != person]
            if others:
                groups.append(
                    (team.name, [(f"{team.code}:{one.code}", one.display_name) for one in others])
                )
        return groups

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen, reviewer = data.get("team", ""), data.get("reviewer", "")
        if chosen == ALONE and not (data.get("team_name") or "").strip():
            self.add_error("team_name", _("Give a name to enter under."))
        if reviewer and not reviewer.startswith(f"{chosen}:"):
            self.add_error("reviewer", _("Name a reviewer who is of the team."))
        return data


class UploadForm(forms.Form):
    archive = forms.FileField(
        label=_("Archive"),
        help_text=_("zip, tar, tar.gz, tar.bz2 or tar.xz"),
        validators=[FileExtensionValidator(["zip", "tar", "gz", "tgz", "bz2", "xz"])],
    )
    note = forms.CharField(label=_("Note for your team"), max_length=500, required=False)


class GitForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the repository"),
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "https://…", "inputmode": "url"}),
    )
    revision = forms.CharField(
        label=_("Commit, tag or branch"),
        max_length=200,
        help_text=_("Fixed to the commit that it means when it is fetched."),
    )
    note = forms.CharField(label=_("Note for your team"), max_length=500, required=False)


class ReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=2_000, rows=3)


def proposal_texts(proposal: TrackProposal) -> list[tuple[str | Promise, str]]:
    """The proposal's long texts with their headings, those that are filled."""
    parts = [
        (_("What is asked, and why"), proposal.description),
        (_("Rules"), proposal.rules),
        (_("Format of entries"), proposal.format),
        (_("Prizes"), proposal.prizes),
    ]
    return [(label, text) for label, text in parts if text]
