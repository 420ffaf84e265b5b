"""Pages of objectives, key results and cycles, inside ``/<slug>/``."""

from django.urls import path

from okrs.flow_urls import flow_patterns
from okrs.views.check_ins import check_in_add, check_in_edit, check_in_remove
from okrs.views.cycles import cycle_activate, cycle_edit, cycle_new, cycle_remove, cycle_rhythms, cycles
from okrs.views.downloads import key_result_csv, key_result_png, objective_csv, objective_png
from okrs.views.initiatives import initiative_add, initiative_edit, initiative_move, initiative_remove
from okrs.views.key_results import (
    key_result,
    key_result_check,
    key_result_edit,
    key_result_new,
    key_result_remove,
)
from okrs.views.listing import objective_list
from okrs.views.milestones import milestone_mark
from okrs.views.objectives import (
    objective,
    objective_check,
    objective_edit,
    objective_history,
    objective_key_results,
    objective_new,
    objective_remove,
    objective_templates,
)
from okrs.views.ordering import key_result_order, objective_order, objective_peers

app_name = "okrs"

OBJECTIVE = "objectives/<uuid:objective_id>/"
KEY_RESULT = "key-results/<uuid:key_result_id>/"
CYCLE = "cycles/<uuid:cycle_id>/"

urlpatterns = [
    *flow_patterns,
    path("objectives/", objective_list, name="list"),
    path("objectives/new/", objective_new, name="objective-new"),
    path("objectives/new/check/", objective_check, name="objective-check"),
    path("objectives/templates/", objective_templates, name="objective-templates"),
    path(OBJECTIVE, objective, name="objective"),
    path(f"{OBJECTIVE}edit/", objective_edit, name="objective-edit"),
    path(f"{OBJECTIVE}remove/", objective_remove, name="objective-remove"),
    path(f"{OBJECTIVE}order/", objective_order, name="objective-order"),
    path(f"{OBJECTIVE}peers/", objective_peers, name="objective-peers"),
    path(f"{OBJECTIVE}history/", objective_history, name="objective-history"),
    path(f"{OBJECTIVE}progress.png", objective_png, name="objective-png"),
    path(f"{OBJECTIVE}progress.csv", objective_csv, name="objective-csv"),
    path(f"{OBJECTIVE}key-results/", objective_key_results, name="objective-key-results"),
    path(f"{OBJECTIVE}key-results/new/", key_result_new, name="key-result-new"),
    path("key-results/check/", key_result_check, name="key-result-check"),
    path(KEY_RESULT, key_result, name="key-result"),
    path(f"{KEY_RESULT}edit/", key_result_edit, name="key-result-edit"),
    path(f"{KEY_RESULT}remove/", key_result_remove, name="key-result-remove"),
    path(f"{KEY_RESULT}order/", key_result_order, name="key-result-order"),
    path(f"{KEY_RESULT}course.png", key_result_png, name="key-result-png"),
    path(f"{KEY_RESULT}course.csv", key_result_csv, name="key-result-csv"),
    path(f"{KEY_RESULT}check-ins/", check_in_add, name="check-in-add"),
    path(f"{KEY_RESULT}check-ins/<uuid:check_in_id>/", check_in_edit, name="check-in-edit"),
    path(f"{KEY_RESULT}check-ins/<uuid:check_in_id>/remove/", check_in_remove, name="check-in-remove"),
    path(f"{KEY_RESULT}milestones/<uuid:milestone_id>/", milestone_mark, name="milestone-mark"),
    path(f"{KEY_RESULT}initiatives/", initiative_add, name="initiative-add"),
    path(f"{KEY_RESULT}initiatives/<uuid:initiative_id>/", initiative_edit, name="initiative-edit"),
    path(f"{KEY_RESULT}initiatives/<uuid:initiative_id>/state/", initiative_move, name="initiative-move"),
    path(f"{KEY_RESULT}initiatives/<uuid:initiative_id>/remove/", initiative_remove, name="initiative-remove"),
    path("cycles/", cycles, name="cycles"),
    path("cycles/new/", cycle_new, name="cycle-new"),
    path("cycles/rhythms/", cycle_rhythms, name="cycle-rhythms"),
    path(f"{CYCLE}edit/", cycle_edit, name="cycle-edit"),
    path(f"{CYCLE}activate/", cycle_activate, name="cycle-activate"),
    path(f"{CYCLE}remove/", cycle_remove, name="cycle-remove"),
]
