"""The site's URLs: people and accounts first, then everything inside an organization at ``/<slug>/``."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
