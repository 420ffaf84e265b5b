"""What readers choose in a page's address."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from kpis.forms.narrowing import NarrowingForm
from kpis.models.choices import Frequency
from kpis.series import EARLIEST, LATEST
from reports.comparison import AGAINST
from reports.ladder import ALL_LEVELS
from reports.since import CHOICES as SINCE


class LadderForm(NarrowingForm):
    """Which part of the company's ladder is shown, and how."""

    view = forms.ChoiceField(choices=[("list", "List"), ("tree", "Tree")], required=False)
    focus = forms.CharField(max_length=64, required=False)
    department = forms.UUIDField(required=False)
    levels = forms.IntegerField(min_value=1, max_value=ALL_LEVELS, required=False)
    as_of = forms.CharField(max_length=40, required=False)
    since = forms.ChoiceField(choices=SINCE, required=False)
    since_on = forms.DateField(required=False)


class CompareForm(NarrowingForm):
    """What is compared, over which periods, with what."""

    # Whose KPIs are offered; ``department`` in the address names those that are compared.
    within = forms.UUIDField(label="Department", required=False)
    what = forms.ChoiceField(choices=[("kpis", "KPIs"), ("departments", "Departments")], required=False)
    first = forms.DateField(label="From", required=False)
    last = forms.DateField(label="To", required=False)
    frequency = forms.ChoiceField(choices=[("", "As they are measured"), *Frequency.choices], required=False)
    against = forms.ChoiceField(choices=AGAINST, required=False)
    as_of = forms.CharField(max_length=40, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="compare_%s")
        for name in ("first", "last"):
            self.fields[name].validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class MemberForm(forms.Form):
    """Whose ladder is shown."""

    member = forms.UUIDField(required=False)
