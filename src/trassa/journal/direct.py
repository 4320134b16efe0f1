"""Connections that must not go through a pooler: the relay's and those that LISTEN.

Read from settings alone, without `django.setup()`.
"""

from typing import Any

from django.conf import settings
from psycopg.conninfo import make_conninfo


def direct_conninfo(application_name: str) -> str:
    """How to reach PostgreSQL past a pooler: the setting TRASSA_DIRECT_CONNINFO.

    While tests run it is their database. A server that vanished is noticed within half a minute.
    """
    default = settings.DATABASES["default"]
    place: str = settings.TRASSA_DIRECT_CONNINFO
    if default["NAME"] == default["TEST"]["NAME"]:
        named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given: dict[str, Any] = {word: default[key] or None for word, key in named.items()}
        place = make_conninfo(**given, **default["OPTIONS"])
    return make_conninfo(
        place,
        application_name=application_name,
        connect_timeout=5,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
