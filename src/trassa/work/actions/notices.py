"""People are told of things, once each, and mark what they have read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from trassa.access.queries import Actor
from trassa.journal import publish
from trassa.kernel import now
from trassa.work.actions.addressing import addressed
from trassa.work.events import NOTICES_CHANGED
from trassa.work.models import Notice
from trassa.work.notice_types import APP, NewNotice
from trassa.work.queries.channels import AS_USUAL, wishes_of

#: How long notices are kept that were read, and that were not.
READ_KEPT, UNREAD_KEPT = timedelta(days=90), timedelta(days=365)

_INSERT = """
    INSERT INTO work_notice (person_id, kind, key, record_id, who_id, data, in_app, created_at)
    SELECT given.person_id, given.kind, given.key, given.record_id, given.who_id, given.data, given.in_app, %s
    FROM json_to_recordset(%s) AS given (
        person_id bigint, kind text, key text, record_id bigint, who_id bigint, data jsonb,
        in_app boolean
    )
    WHERE given.record_id IS NULL OR EXISTS (SELECT FROM records_record WHERE id = given.record_id)
    ON CONFLICT (person_id, key) DO NOTHING
    RETURNING id, person_id
"""


@transaction.atomic
def tell(notices: Sequence[NewNotice]) -> list[int]:
    """Tell people, and whoever stands in for them; gives the ids of the notices that are new.

    Whoever was told before, is not active, does not see the record, wants to hear of it by no channel, or did
    it themselves is left out; of several notices with one key for one person the first counts.
    """
    meant = addressed(notices)
    wishes = wishes_of(each.person_id for each in meant)
    wanted: dict[tuple[int, str], Mapping[str, Any]] = {}
    for each in meant:
        ways = wishes.get(each.person_id, AS_USUAL).open_for(each.kind)
        if ways:
            wanted.setdefault((each.person_id, each.key), _row(each, in_app=APP in ways))
    if not wanted:
        return []
    rows = json.dumps([row for _key, row in sorted(wanted.items(), key=lambda pair: pair[0])])
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now(), rows])
        told = cursor.fetchall()
    if told:
        people = sorted({person for _id, person in told})
        publish(NOTICES_CHANGED, {"people": people, "notices": [id for id, _person in told]})
    return [id for id, _person in told]


def _row(notice: NewNotice, *, in_app: bool) -> Mapping[str, Any]:
    return {
        "in_app": in_app,
        "person_id": notice.person_id,
        "kind": notice.kind,
        "key": notice.key,
        "record_id": notice.record_id,
        "who_id": notice.who_id,
        "data": notice.data,
    }


@transaction.atomic
def mark_read(actor: Actor, ids: Iterable[int], *, read: bool = True) -> int:
    """Mark some of one's own notices as read, or as not read; gives how many that changes."""
    mine = Notice.objects.filter(person_id=actor.id or 0, id__in=list(ids), read_at__isnull=read)
    return _mark(actor, mine.update(read_at=now() if read else None))


@transaction.atomic
def mark_all_read(actor: Actor, *, up_to: int | None = None) -> int:
    """Mark all of one's own notices as read, none above id `up_to` when it is given; gives how many."""
    mine = Notice.objects.filter(person_id=actor.id or 0, read_at__isnull=True)
    if up_to is not None:
        mine = mine.filter(id__lte=up_to)
    return _mark(actor, mine.update(read_at=now()))


def _mark(actor: Actor, count: int) -> int:
    if count:
        publish(NOTICES_CHANGED, {"people": [actor.id], "notices": []})
    return count


def forget_notices() -> int:
    """Drop notices of long ago; gives how many. Can run twice."""
    read = Notice.objects.filter(created_at__lt=now() - READ_KEPT, read_at__isnull=False)
    unread = Notice.objects.filter(created_at__lt=now() - UNREAD_KEPT)
    return read.delete()[0] + unread.delete()[0]


def move_notices(source: int, target: int) -> list[int]:
    """Turn all notices about a record to another one; gives their ids."""
    ids = list(Notice.objects.filter(record_id=source).order_by("id").values_list("id", flat=True))
    Notice.objects.filter(id__in=ids).update(record_id=target)
    return ids


def move_notices_back(ids: Sequence[int], target: int, source: int) -> None:
    """Turn those of these notices that still stand on `target` to `source`."""
    Notice.objects.filter(id__in=ids, record_id=target).update(record_id=source)
