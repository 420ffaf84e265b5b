"""Pages that tell how the organization fares, inside ``/<slug>/``."""

from django.urls import path

from reports.views import company, compare, departments, find, home, mine, version, what_if

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("my-ladder/", mine.my_ladder, name="my-ladder"),
    path("my-ladder/<slug:key>/value/", mine.my_value, name="my-value"),
    path("ladder/", company.ladder, name="ladder"),
    path("ladder/png/", company.ladder_png, name="ladder-png"),
    path("ladder/csv/", company.ladder_csv, name="ladder-csv"),
    path("ladder/<slug:key>/children/", company.children, name="ladder-children"),
    path("compare/", compare.comparison, name="compare"),
    path("compare/csv/", compare.comparison_csv, name="compare-csv"),
    path("compare/png/", compare.comparison_png, name="compare-png"),
    path("what-if/", what_if.what_if, name="what-if"),
    path("what-if/csv/", what_if.what_if_csv, name="what-if-csv"),
    path("what-if/png/", what_if.what_if_png, name="what-if-png"),
    path("departments/<uuid:department_id>/", departments.department, name="department"),
    path("find/", find.find, name="find"),
    path("version/", version.version, name="version"),
]
