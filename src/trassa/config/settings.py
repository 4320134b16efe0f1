"""Django's settings. What can be set from outside is described in `options`; the rest is decided here."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from trassa.config import options
from trassa.config.database import database_settings, direct_conninfo
from trassa.config.secret_key import load_former_keys, load_secret_key

# Lets `models.ForeignKey[A, B]` stand in code that also runs.
django_stubs_ext.monkeypatch()

DATA = options.DATA.read()
DEBUG = options.DEBUG.read()
SECRET_KEY = load_secret_key(DATA, options.SECRET_KEY.read())
SECRET_KEY_FALLBACKS = load_former_keys(DATA, options.SECRET_KEY.read(), options.FORMER_SECRET_KEYS.read())
ALLOWED_HOSTS = options.HOSTS.read()
_HTTPS = options.HTTPS.read()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "trassa.journal",
    "trassa.ui",
    "trassa.api",
    "trassa.expressions",
    "trassa.people",
    "trassa.schema",
    "trassa.access",
    "trassa.records",
    "trassa.automation",
    "trassa.work",
    "trassa.imports",
    "trassa.solutions",
    "trassa.designer",
    "trassa.packs.auto",
    "trassa.packs.consignment",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "trassa.config.compression.CompressTexts",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "trassa.schema.middleware.PinGeneration",
    "trassa.people.middleware.Looking",
    "trassa.people.middleware.PersonPreferences",
    "trassa.people.middleware.RequirePerson",
    "trassa.people.middleware.PasswordDue",
    "trassa.ui.middleware.ErrorPages",
]
ROOT_URLCONF = "trassa.config.urls"
WSGI_APPLICATION = "trassa.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "trassa.ui.environment.environment"},
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

# Storage
DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: How LISTEN, the worker and changes of tables reach the database past a pooler.
TRASSA_DIRECT_CONNINFO = direct_conninfo()

#: Rooms keep their background work in `jobs.py`.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# People
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["trassa.people.backends.PersonBackend"]
PASSWORD_HASHERS = ["trassa.people.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "trassa.people.models.sessions"
LOGIN_URL = "people:sign_in"
SESSION_COOKIE_NAME = "trassa_session"
SESSION_COOKIE_AGE = options.SESSION_DAYS.read() * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = "trassa_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_FAILURE_VIEW = "trassa.ui.stale_page"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if _HTTPS else []

# Headers
TRASSA_PROXIES = options.PROXIES.read()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

# Language and time
LANGUAGE_CODE = options.LANGUAGE.read()
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
TRASSA_COMPANY_ZONE = options.COMPANY_ZONE.read()

# Static files: Vite puts a hash into every name of its `assets`, so browsers may keep those for ever.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/ui/build/assets/.+-[\w-]{8}\.\w+$"

# Files
TRASSA_FILES = Path(options.FILES.read() or DATA / "files").expanduser().resolve()
TRASSA_FILE_BYTES = options.FILE_MEGABYTES.read() * 1024 * 1024
TRASSA_UPLOAD_BYTES = options.most_request_bytes()
TRASSA_CALLS_INSIDE = options.CALLS_INSIDE.read()
TRASSA_REMOVED_DAYS = options.REMOVED_DAYS.read()
FILE_UPLOAD_HANDLERS = ["trassa.records.contents.receiving.BoundedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
TRASSA_API_REQUESTS_PER_MINUTE = options.API_REQUESTS_PER_MINUTE.read()
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Letters
TRASSA_SITE = options.site()
TRASSA_MAIL_SERVER = options.MAIL_SERVER.read()
TRASSA_MAIL_FROM = options.MAIL_FROM.read() or f"trassa@{urlsplit(TRASSA_SITE).hostname}"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": options.LOG_LEVEL.read()},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "procrastinate": {"level": "WARNING"},
        # Refusals and missing pages are everyday answers.
        "django.request": {"level": "ERROR"},
    },
}
