"""The address space: rooms mount their own urls here."""

from django.urls import URLPattern, URLResolver

from trassa.api import mount

urlpatterns: list[URLPattern | URLResolver] = [mount()]
