"""Addresses of what recurs: checking in, the team's check-ins, the tree, closing cycles and looking back."""

from django.urls import path

from okrs.views.closing import carry, close
from okrs.views.flow import check_in_flow, flow_check_in, flow_value
from okrs.views.looking_back import archive, retrospective
from okrs.views.team import team
from okrs.views.tree import tree

flow_patterns = [
    path("check-ins/", check_in_flow, name="check-in-flow"),
    path("check-ins/key-results/<uuid:key_result_id>/", flow_check_in, name="flow-check-in"),
    path("check-ins/values/<slug:key>/", flow_value, name="flow-value"),
    path("check-ins/team/", team, name="team"),
    path("cycles/archive/", archive, name="archive"),
    path("cycles/<uuid:cycle_id>/", retrospective, name="retrospective"),
    path("cycles/<uuid:cycle_id>/close/", close, name="close"),
    path("cycles/<uuid:cycle_id>/carry/", carry, name="carry"),
    path("objectives/tree/", tree, name="tree"),
]
