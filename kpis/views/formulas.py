"""A formula while it is being typed: what it means, and what the word at the caret may become."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.actions.from_template import Making
from kpis.engine.formula.completion import completions
from kpis.engine.formula.limits import LONGEST
from kpis.forms.definition import unit_of_choice
from kpis.forms.operands import OperandsForm
from kpis.library import template
from kpis.models import Kpi
from kpis.presenting.formula import Draft, FormulaPanel
from kpis.presenting.library import made_words

DECIMALS = "0123456"


@require_POST
@member_required(Role.CONTRIBUTOR)
def formula_check(request: MemberRequest) -> HttpResponse:
    """The part of the form below the formula, by what stands in the form now."""
    kpi = Kpi.objects.filter(key=request.GET.get("kpi", "")).first()
    operands = operands_in(request, request.GET.get("template", ""), request.POST)
    panel = formula_panel(request, request.POST.dict(), kpi=kpi, operands=operands)
    context = {"panel": panel, "operands": operands, "made": made_along(operands) if operands else ""}
    return render(request, "kpis/_formula_answer.html", context)


@require_GET
@member_required(Role.CONTRIBUTOR)
def formula_completion(request: MemberRequest) -> HttpResponse:
    """Options for the word at ``caret`` in ``text``."""
    text, caret = request.GET.get("text", "")[:LONGEST], request.GET.get("caret", "")
    keys = dict(Kpi.objects.active().exclude(key=request.GET.get("kpi", "")).values_list("key", "name"))
    place = int(caret) if caret.isascii() and caret.isdecimal() and len(caret) < 6 else len(text)
    return render(request, "kpis/_completions.html", {"offers": completions(text, place, keys)})


def operands_in(request: MemberRequest, slug: str, data: Mapping[str, str] | None) -> OperandsForm | None:
    """The operands of a template that a form is about, if it is about one."""
    try:
        return OperandsForm(template(slug), request.organization, data)
    except KeyError:
        return None


def made_along(operands: OperandsForm) -> str:
    """What is made along with the KPI, in words."""
    return made_words(operands.to_be_made(Making.MEASURED), operands.to_be_made(Making.COMPUTED))


def formula_panel(
    request: MemberRequest, form: Mapping[str, str], *, kpi: Kpi | None = None, operands: OperandsForm | None = None
) -> FormulaPanel:
    """What a form's fields say, whether they are right or not."""
    frequency, decimals = form.get("frequency", ""), form.get("decimals", "")
    draft = Draft(
        text=form.get("formula", "").strip(),
        frequency=frequency,
        unit=unit_of_choice(form.get("unit_choice", ""), form.get("unit_detail", "").strip()),
        decimals=int(decimals) if len(decimals) == 1 and decimals in DECIMALS else None,
        kpi=kpi,
        offered=operands.offered(frequency) if operands else {},
    )
    return FormulaPanel(draft, request.organization, request.organization.today(timezone.now()))
