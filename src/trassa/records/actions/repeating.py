"""Transactions that are carried out again when somebody else was in the way."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure

from trassa.kernel import Invalid

T = TypeVar("T")

_ATTEMPTS = 5


def repeated(write: Callable[[], T]) -> T:
    """What `write` gives, carried out in a transaction; again when others were changing the same records.

    Also when somebody took a unique value between the check and the write: the check sees it now.
    """
    for attempt in range(1, _ATTEMPTS):
        try:
            with transaction.atomic():
                return write()
        except OperationalError as error:
            if not is_lost_race(error):
                raise
        except Invalid as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
        time.sleep(random.uniform(0.05, 0.3) * attempt)
    with transaction.atomic():
        return write()


def is_lost_race(error: OperationalError) -> bool:
    """Whether PostgreSQL gave this transaction up in favour of another one."""
    return isinstance(error.__cause__, DeadlockDetected | SerializationFailure)
