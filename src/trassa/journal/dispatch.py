"""From messages of the outbox to what is to be delivered: asks the subscribers, isolates those that fail.

Nothing here touches the database.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trassa.journal.outbox import Dispatch, Job, Notice, Payload, Subscriber, subscribers
from trassa.journal.types import Json

logger = logging.getLogger(__name__)

#: More notices than this for one topic in one tick become «the list changed».
COLLAPSE_ABOVE = 200
#: PostgreSQL takes payloads of less than 8 000 bytes.
PAYLOAD_BYTES = 7_900


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the outbox; `subscriber` is set when only that one has still to handle it."""

    id: int
    event: str
    payload: Payload
    subscriber: str | None = None
    attempts: int = 0
    created_at: datetime | None = None
    error: str = ""


@dataclass(slots=True)
class Delivery:
    """What one tick hands on: jobs, notices, and the messages to be tried again, with their errors."""

    jobs: list[Job] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    failed: list[Message] = field(default_factory=list)


def dispatch(messages: Sequence[Message]) -> Delivery:
    """Ask every subscriber once for all its messages, in order.

    Where a subscriber fails it is asked again for each message alone; what still fails is returned for that
    subscriber only.
    """
    delivery = Delivery()
    by_event: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_event[message.event].append(message)
        if message.subscriber is not None and message.subscriber not in subscribers:
            logger.warning("outbox: nobody is called %s any more; dropped %s", message.subscriber, message)
    for name, subscriber in subscribers.items():
        concerned = [m for m in by_event.get(subscriber.event, ()) if m.subscriber in (None, name)]
        if concerned:
            _ask(name, subscriber, concerned, delivery)
    return delivery


def _ask(name: str, subscriber: Subscriber, messages: Sequence[Message], delivery: Delivery) -> None:
    try:
        answer = subscriber.handle([message.payload for message in messages])
        _check(answer)
    except Exception as error:  # whatever a handler does, the others go on
        if len(messages) == 1:
            logger.exception("outbox: %s failed for %s", name, messages[0])
            delivery.failed.append(replace(messages[0], subscriber=name, error=_describe(error)))
            return
        for message in messages:
            _ask(name, subscriber, [message], delivery)
        return
    delivery.jobs.extend(answer.jobs)
    delivery.notices.extend(answer.notices)


def _check(answer: Dispatch) -> None:
    """Raise here, beside the handler at fault, what would otherwise fail for everybody when delivered."""
    for job in answer.jobs:
        json.dumps(dict(job.args), allow_nan=False)
    for notice in answer.notices:
        if len(notice.topic) > COLLAPSE_ABOVE:
            raise ValueError(f"the topic of a notice is a short name, not {notice.topic[:40]!r}…")


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2_000].replace("\0", "")


def distinct_jobs(jobs: Iterable[Job]) -> list[Job]:
    """Without the second and later jobs of one queueing lock."""
    seen: set[str] = set()
    kept = []
    for job in jobs:
        if job.queueing_lock is not None:
            if job.queueing_lock in seen:
                continue
            seen.add(job.queueing_lock)
        kept.append(job)
    return kept


def collapse(notices: Iterable[Notice]) -> list[list[Json]]:
    """Notices as [topic, id, version]: the last version of each, or one line for a list that changed."""
    topics: dict[str, dict[int | None, int | None]] = defaultdict(dict)
    for notice in notices:
        topics[notice.topic][notice.id] = notice.version
    lines: list[list[Json]] = []
    for topic, versions in topics.items():
        if None in versions or len(versions) > COLLAPSE_ABOVE:
            lines.append([topic, None, None])
        else:
            lines.extend([topic, id, version] for id, version in versions.items())
    return lines


def split_payloads(lines: Sequence[Json], limit: int = PAYLOAD_BYTES) -> list[str]:
    """JSON arrays of the lines, each of at most `limit` bytes."""
    payloads: list[str] = []
    texts: list[str] = []
    size = 2
    for line in lines:
        text = json.dumps(line, separators=(",", ":"))
        if texts and size + len(text) + 1 > limit:
            payloads.append(f"[{','.join(texts)}]")
            texts, size = [], 2
        texts.append(text)
        size += len(text) + 1
    if texts:
        payloads.append(f"[{','.join(texts)}]")
    return payloads


def job_rows(jobs: Sequence[Job]) -> str:
    """The jobs as the JSON rows that the delivery's SQL reads."""
    rows: list[Mapping[str, Json]] = [
        {
            "queue": job.queue,
            "task": job.task,
            "priority": job.priority,
            "lock": job.lock,
            "queueing_lock": job.queueing_lock,
            "args": dict(job.args),
        }
        for job in jobs
    ]
    return json.dumps(rows, ensure_ascii=False)
