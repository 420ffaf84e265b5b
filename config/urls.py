"""The site's URLs: people and accounts first, then everything inside an organization at ``/<slug>/``."""

from django.urls import URLPattern, URLResolver, include, path

from config.views import set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("config.api")),
    path("accounts/", include("allauth.account.urls")),
    path("theme/", set_theme, name="theme"),
    path("", include("accounts.urls")),
    path("<slug:slug>/", include("reports.urls")),
    path("<slug:slug>/", include("kpis.urls")),
    path("<slug:slug>/", include("okrs.urls")),
]
