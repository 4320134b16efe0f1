"""Leases: each process says every 20 seconds which generation is the oldest that it still uses.

A process that dies stops saying so, and after a minute nobody waits for it any more.
"""

import logging
import os
import socket
import threading
import uuid
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection

from trassa.schema.generations import oldest_used
from trassa.schema.metadata import read_number

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEWAL_SECONDS = 20.0
_RENEW = """
INSERT INTO schema_generationlease (process, number, expires_at)
VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (process) DO UPDATE SET number = excluded.number, expires_at = excluded.expires_at
"""
_FORGET = """
DELETE FROM schema_generationlease
WHERE process = %s OR expires_at < clock_timestamp() - interval '1 day'
"""


def keep_lease(stop: threading.Event) -> None:
    """Renew this process's lease until `stop` is set; the body of a thread. Survives a lost database."""
    process = f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    while True:
        try:
            renew_lease(process)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the lease could not be renewed: %s", error)
        # Between two renewals nobody needs the connection.
        connection.close()
        if stop.wait(RENEWAL_SECONDS):
            break
    try:
        end_lease(process)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("the lease could not be ended: %s", error)
    connection.close()


def renew_lease(process: str) -> None:
    """Report the oldest generation in use, good for a minute."""
    number = oldest_used(read_number())
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [process, number, LEASE.total_seconds()])


def end_lease(process: str) -> None:
    """Nobody needs to wait for this process."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [process])
