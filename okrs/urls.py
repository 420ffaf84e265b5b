"""Pages of objectives, key results and cycles, inside ``/<slug>/``."""

from django.urls import path

from okrs.views.listing import objective_list

app_name = "okrs"

urlpatterns = [
    path("objectives/", objective_list, name="list"),
]
