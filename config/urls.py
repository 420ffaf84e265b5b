"""The site's URLs: people and accounts first, then everything inside an organization at ``/<slug>/``."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("config.api")),
]
