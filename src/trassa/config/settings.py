"""Django settings, read from the environment. Every setting of Trassa starts with TRASSA_."""

import os
from pathlib import Path

from trassa.config.database import database_settings

DATA = Path(os.environ.get("TRASSA_DATA", "var")).resolve()
DEBUG = os.environ.get("TRASSA_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("TRASSA_SECRET_KEY", "development-only-secret-key-of-forty-characters")
ALLOWED_HOSTS = os.environ.get("TRASSA_HOSTS", "localhost,127.0.0.1,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "trassa.journal",
    "trassa.ui",
    "trassa.api",
    "trassa.people",
    "trassa.schema",
    "trassa.access",
    "trassa.records",
    "trassa.imports",
    "trassa.solutions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "trassa.config.urls"
DATABASES = {"default": database_settings()}
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
TRASSA_COMPANY_ZONE = os.environ.get("TRASSA_COMPANY_ZONE", "Europe/Moscow")
STATIC_URL = "/static/"
