"""Where PostgreSQL is: DATABASE_URL, or the embedded server of the data folder."""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict


def database_settings() -> dict[str, Any]:
    """Django's DATABASES entry for DATABASE_URL."""
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": os.environ.get("TRASSA_TEST_DATABASE", "test_trassa")},
    }
