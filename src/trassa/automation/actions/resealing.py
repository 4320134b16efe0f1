"""Seals bodies of calls and of what came in with the present key, a chunk a transaction."""

from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from trassa.automation.models import Arrival, Call
from trassa.automation.queries.deliveries import ARRIVAL_BODY, BODY
from trassa.kernel import reseal

T = TypeVar("T", Call, Arrival)

#: Rows that are sealed anew in one transaction.
CHUNK = 500


def reseal_calls() -> int:
    """Seal the bodies of all calls anew; gives how many there are."""
    return reseal_bodies(Call.objects.all(), BODY)


def reseal_arrivals() -> int:
    """Seal the bodies of everything that came in anew; gives how many there are."""
    return reseal_bodies(Arrival.objects.all(), ARRIVAL_BODY)


def reseal_bodies(everything: QuerySet[T], purpose: str) -> int:
    """Seal `sealed_body` of these rows anew."""
    done, after = 0, 0
    while True:
        with transaction.atomic():
            rows: list[T] = list(everything.select_for_update().filter(pk__gt=after).order_by("pk")[:CHUNK])
            for row in rows:
                row.sealed_body = reseal(row.sealed_body, purpose)
            everything.bulk_update(rows, ["sealed_body"])
        if not rows:
            return done
        done, after = done + len(rows), rows[-1].pk
