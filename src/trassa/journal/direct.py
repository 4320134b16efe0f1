"""Connections that must not go through a pooler: the relay's and those that LISTEN.

Read from settings alone, without `django.setup()`.
"""

from django.conf import settings
from psycopg.conninfo import make_conninfo


def direct_conninfo(application_name: str) -> str:
    """How to reach PostgreSQL past a pooler: the setting TRASSA_DIRECT_CONNINFO.

    While tests run it leads to their database. A server that vanished is noticed within half a minute.
    """
    default = settings.DATABASES["default"]
    under_test = default["NAME"] == default["TEST"]["NAME"]
    return make_conninfo(
        settings.TRASSA_DIRECT_CONNINFO,
        dbname=default["NAME"] if under_test else None,
        application_name=application_name,
        connect_timeout=5,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
