"""Pages of KPIs, inside ``/<slug>/``."""

from django.urls import path, register_converter

from kpis.views.actions import action_add, action_edit, action_move
from kpis.views.annotations import annotation_add, annotation_edit, annotation_remove
from kpis.views.benchmarks import kpi_benchmarks
from kpis.views.children import kpi_children
from kpis.views.choosing import kpi_choose
from kpis.views.converters import DateConverter
from kpis.views.defining import kpi_edit, kpi_new, kpi_new_from
from kpis.views.detail import kpi_detail, measurement_add, measurement_edit, measurement_remove
from kpis.views.downloads import chart_png, series_csv, why_csv, why_png
from kpis.views.formulas import formula_check, formula_completion
from kpis.views.history import kpi_history
from kpis.views.influences import kpi_influences
from kpis.views.lifecycle import kpi_archive, kpi_order, kpi_remove, kpi_restore
from kpis.views.listing import kpi_list
from kpis.views.parents import kpi_parents
from kpis.views.paste import paste, start_values
from kpis.views.reviews import review_add
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
    path("kpis/<slug:key>/chart.png", chart_png, name="chart-png"),
    path("kpis/<slug:key>/series.csv", series_csv, name="series-csv"),
    path("kpis/<slug:key>/why.png", why_png, name="why-png"),
    path("kpis/<slug:key>/why.csv", why_csv, name="why-csv"),
    path("kpis/<slug:key>/edit/", kpi_edit, name="edit"),
    path("kpis/<slug:key>/parents/", kpi_parents, name="parents"),
    path("kpis/<slug:key>/children/", kpi_children, name="children"),
    path("kpis/<slug:key>/targets/", kpi_targets, name="targets"),
    path("kpis/<slug:key>/order/", kpi_order, name="order"),
    path("kpis/<slug:key>/history/", kpi_history, name="history"),
    path("kpis/<slug:key>/archive/", kpi_archive, name="archive"),
    path("kpis/<slug:key>/restore/", kpi_restore, name="restore"),
    path("kpis/<slug:key>/remove/", kpi_remove, name="remove"),
    path("kpis/<slug:key>/measurements/", measurement_add, name="measurement-add"),
    path("kpis/<slug:key>/measurements/<date:date>/", measurement_edit, name="measurement-edit"),
    path("kpis/<slug:key>/measurements/<date:date>/remove/", measurement_remove, name="measurement-remove"),
    path("kpis/<slug:key>/actions/", action_add, name="action-add"),
    path("kpis/<slug:key>/actions/<uuid:action_id>/", action_edit, name="action-edit"),
    path("kpis/<slug:key>/actions/<uuid:action_id>/state/", action_move, name="action-move"),
    path("kpis/<slug:key>/annotations/", annotation_add, name="annotation-add"),
    path("kpis/<slug:key>/annotations/<uuid:annotation_id>/", annotation_edit, name="annotation-edit"),
    path("kpis/<slug:key>/annotations/<uuid:annotation_id>/remove/", annotation_remove, name="annotation-remove"),
    path("kpis/<slug:key>/reviews/", review_add, name="review-add"),
    path("kpis/<slug:key>/benchmarks/", kpi_benchmarks, name="benchmarks"),
    path("kpis/<slug:key>/influences/", kpi_influences, name="influences"),
]
