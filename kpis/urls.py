"""Pages of KPIs, inside ``/<slug>/``."""

from django.urls import path, register_converter

from kpis.views.choosing import kpi_choose
from kpis.views.converters import DateConverter
from kpis.views.defining import kpi_edit, kpi_new, kpi_new_from
from kpis.views.detail import kpi_detail, measurement_add, measurement_edit, measurement_remove
from kpis.views.formulas import formula_check, formula_completion
from kpis.views.history import kpi_history
from kpis.views.lifecycle import kpi_archive, kpi_order, kpi_remove, kpi_restore
from kpis.views.listing import kpi_list
from kpis.views.parents import kpi_parents
from kpis.views.paste import paste, start_values
from kpis.views.start import start, start_kpis, start_ladder, start_letters, start_targets, start_token
from kpis.views.targets import kpi_targets
from kpis.views.unused import kpi_unused

app_name = "kpis"
register_converter(DateConverter, "date")

urlpatterns = [
    path("start/", start, name="start"),
    path("start/numbers/", start_values, name="start-values"),
    path("start/targets/", start_targets, name="start-targets"),
    path("start/ladder/", start_ladder, name="start-ladder"),
    path("start/ladder/token/", start_token, name="start-token"),
    path("start/ladder/letters/", start_letters, name="start-letters"),
    path("start/<slug:business>/", start_kpis, name="start-kpis"),
    path("kpis/", kpi_list, name="list"),
    path("kpis/new/", kpi_choose, name="new"),
    path("kpis/new/blank/", kpi_new, name="new-blank"),
    path("kpis/new/from/<slug:chosen>/", kpi_new_from, name="new-from"),
    path("kpis/new/formula/", formula_check, name="formula-check"),
    path("kpis/new/completion/", formula_completion, name="formula-completion"),
    path("kpis/paste/", paste, name="paste"),
    path("kpis/not-used/", kpi_unused, name="unused"),
    path("kpis/<slug:key>/", kpi_detail, name="detail"),
    path("kpis/<slug:key>/edit/", kpi_edit, name="edit"),
    path("kpis/<slug:key>/parents/", kpi_parents, name="parents"),
    path("kpis/<slug:key>/targets/", kpi_targets, name="targets"),
    path("kpis/<slug:key>/order/", kpi_order, name="order"),
    path("kpis/<slug:key>/history/", kpi_history, name="history"),
    path("kpis/<slug:key>/archive/", kpi_archive, name="archive"),
    path("kpis/<slug:key>/restore/", kpi_restore, name="restore"),
    path("kpis/<slug:key>/remove/", kpi_remove, name="remove"),
    path("kpis/<slug:key>/measurements/", measurement_add, name="measurement-add"),
    path("kpis/<slug:key>/measurements/<date:date>/", measurement_edit, name="measurement-edit"),
    path("kpis/<slug:key>/measurements/<date:date>/remove/", measurement_remove, name="measurement-remove"),
]
