"""When a KPI's values come, how they make a period, and by when something is due: a part of its definition's form."""

from django import forms

from kpis.models.choices import Aggregation, Frequency, PaceProfile, ReviewCadence, TargetPath


class RhythmForm(forms.Form):
    frequency = forms.ChoiceField(
        label="How often it is judged",
        choices=Frequency.choices,
        initial=Frequency.MONTHLY,
        help_text="Values may come more often: daily sales can be judged by the month.",
    )
    aggregation = forms.ChoiceField(
        label="Several values in a period",
        choices=[
            (Aggregation.SUM, "are added up (sales, visits)"),
            (Aggregation.LAST, "the last one counts (cash, headcount)"),
            (Aggregation.MEAN, "their mean counts (temperature)"),
            (Aggregation.MIN, "the lowest counts"),
            (Aggregation.MAX, "the highest counts"),
        ],
        initial=Aggregation.SUM,
    )
    carry_forward = forms.IntegerField(
        label="Stays valid for",
        required=False,
        min_value=0,
        max_value=366,
        help_text="Further periods in which the last value holds, while no newer one is there. Empty: none.",
    )
    due_after_days = forms.IntegerField(
        label="Due after",
        required=False,
        min_value=0,
        max_value=366,
        help_text="Days after a period’s end until its value should be there. Empty: what is usual for the rhythm "
        "(1 day, 2 for weeks, 5 for months, 10 for quarters and years).",
    )
    target_path = forms.ChoiceField(
        label="From one target to the next",
        choices=[(TargetPath.STEP, "In steps: each holds until the next"), (TargetPath.LINEAR, "In a straight line")],
        initial=TargetPath.STEP,
        required=False,
        help_text="A straight line suits a number that is to grow little by little.",
    )
    reason = forms.CharField(
        label="Why targets change",
        required=False,
        max_length=500,
        help_text="Needed where another way from one target to the next changes one that was already promised: of a "
        "period that is over, or an easier one for the period that runs. The original stays known.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    pace_profile = forms.ChoiceField(
        label="A running period is judged",
        choices=[(PaceProfile.DAYS, "by its days, all alike"), (PaceProfile.LAST_YEAR, "by its course a year before")],
        initial=PaceProfile.DAYS,
        required=False,
        help_text="Where weekends or the season matter, the course of a year before is the fairer measure.",
    )
    review_cadence = forms.ChoiceField(
        label="Looked at together",
        choices=ReviewCadence.choices,
        initial=ReviewCadence.QUARTERLY,
        required=False,
        help_text="How often somebody asks whether it still means what it should, and decides something.",
    )
