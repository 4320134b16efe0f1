"""Who is told when something happens to records: from payloads of the outbox to notices."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

from trassa.automation.types import Phase
from trassa.journal import Entry, Json, list_newest_entries
from trassa.people.queries import head_of
from trassa.work.notice_kinds import (
    ANSWERED,
    ASSIGNED,
    ASSIGNED_MANY,
    CALLED_IN,
    COMMENTED,
    DONE,
    ESCALATED,
    GIVEN,
    HELPS,
    LATE,
    MENTIONED,
    OFFERED,
    REACTED,
    SOON,
)
from trassa.work.notice_types import NewNotice
from trassa.work.queries.circles import Circles, circles_around
from trassa.work.queries.tasks import read_tasks
from trassa.work.types import TaskLine

#: More records of a type that become somebody's at once are told as one thing.
MOST_SINGLE = 3
#: Changes of tasks behind which they wait for somebody else.
GIVING = frozenset(("created", "delegated", "released", "reopened"))
#: Changes of tasks that somebody is told of; the last two bring co-workers.
TOLD_TASKS = GIVING | {"done", "changed", "escalated"}
#: Entries of history that are looked through for new co-workers: more changes may have come meanwhile.
NEWEST = 5

Payload = Mapping[str, Any]


def assignments(payload: Payload) -> list[NewNotice]:
    """The new owners of records."""
    groups: dict[tuple[int, int], list[Payload]] = defaultdict(list)
    for item in payload["given"]:
        groups[item["owner"], item["type"]].append(item)
    found: list[NewNotice] = []
    for (owner, type_id), items in groups.items():
        if len(items) > MOST_SINGLE:
            key = f"assigned:{items[0]['id']}:{items[0]['version']}:{len(items)}"
            data = {"count": len(items), "type": type_id}
            found.append(NewNotice(owner, ASSIGNED_MANY, key, who_id=payload["who"], data=data))
            continue
        found += [
            NewNotice(
                owner,
                ASSIGNED,
                f"assigned:{item['id']}:{item['version']}",
                record_id=item["id"],
                who_id=payload["who"],
            )
            for item in items
        ]
    return found


def deadlines(payload: Payload) -> list[NewNotice]:
    """Owners of what is soon due or overdue, and their heads of what is long overdue."""
    kinds = {Phase.SOON: SOON, Phase.OVERDUE: LATE, Phase.ESCALATED: ESCALATED}
    found = []
    for item in payload["items"]:
        phase, owner = Phase(item["phase"]), item["owner"]
        person = head_of(owner) if phase is Phase.ESCALATED else owner
        if person is None:
            continue
        key = f"deadline:{phase.value}:{item['id']}:{item['stage']}:{item['due_at']}"
        data = {"stage": item["stage"], "due_at": item["due_at"]}
        found.append(NewNotice(person, kinds[phase], key, record_id=item["id"], data=data))
    return found


def comments(payload: Payload) -> list[NewNotice]:
    """Whoever a comment names, whose comment it answers, and those who watch the record."""
    told = [
        (MENTIONED, payload["mentioned"]),
        (ANSWERED, [payload["answered"]] if payload.get("answered") else []),
        (COMMENTED, payload.get("watching", ())),
    ]
    return [about_comment(payload, kind, person) for kind, people in told for person in people]


def reactions(payload: Payload) -> list[NewNotice]:
    """Whoever wrote the comment."""
    key = f"reaction:{payload['comment']}:{payload['person']}:{payload['reaction']}"
    data = {"comment": payload["comment"], "reaction": payload["reaction"]}
    author, who, record = payload["author"], payload["person"], payload["record"]
    return [NewNotice(author, REACTED, key, record_id=record, who_id=who, data=data)]


def about_comment(payload: Payload, kind: str, person: int) -> NewNotice:
    key = f"{'mention' if kind == MENTIONED else 'comment'}:{payload['comment']}"
    data = {"comment": payload["comment"]}
    return NewNotice(person, kind, key, record_id=payload["record"], who_id=payload["author"], data=data)


def tasks(payload: Payload) -> list[NewNotice]:
    """For whom new tasks wait; of tasks that have ended whoever gave or watches them.

    The number of queries does not grow with the tasks.
    """
    changes: dict[int, set[str]] = defaultdict(set)
    for item in payload["items"]:
        if item["change"] in TOLD_TASKS:
            changes[item["task"]].add(item["change"])
    lines = read_tasks(changes)
    entries = list_newest_entries("task", lines, limit=NEWEST) if lines else {}
    circles = circles_around(line for line in lines.values() if line.owner_id is None)
    return [
        notice
        for id, task in lines.items()
        if not is_played(entries[id])
        for notice in about_task(task, changes[id], entries[id], circles)
    ]


def is_played(entries: Sequence[Entry]) -> bool:
    """Whether the demo company has done it: nobody is told of what was before they came."""
    return bool(entries) and entries[0].cause.get("kind") == "demo"


def about_task(
    task: TaskLine, changes: Set[str], entries: Sequence[Entry], circles: Circles
) -> Iterator[NewNotice]:
    """What is told of one task, as it stands: given and passed on before anybody was told is one thing."""
    hand = entries[0].actor_id if entries else None
    told: list[tuple[str, str, int | None, Sequence[int]]] = [
        (kind, f"task:{word}:{task.id}:{task.version}", hand, people)
        for kind, word, people in whom_tasks_concern(task, changes, circles)
    ]
    if task.is_open:
        told += [told_of_help(task.id, entry) for entry in entries]
    named = {task.owner_id, *task.holders("candidate").people}
    for kind, key, who, people in told:
        for person in people:
            yield NewNotice(
                person,
                kind,
                key,
                record_id=task.record_id,
                who_id=who,
                data={"task": task.id},
                is_personal=kind != OFFERED or person in named,
            )


def whom_tasks_concern(
    task: TaskLine, changes: Set[str], circles: Circles
) -> list[tuple[str, str, Sequence[int]]]:
    """Kinds of notices with the words of their keys, each with the people who get one."""
    if not task.is_open:
        author = [task.author_id] if task.author_id else []
        watching = [*author, *task.holders("observer").people]
        return [(DONE, "done", watching)] if "done" in changes else []
    if not changes & GIVING:
        return []
    if task.owner_id is not None:
        return [(GIVEN, "given", [task.owner_id])]
    return [(OFFERED, "given", circles.candidates_of(task))]


def told_of_help(task_id: int, entry: Entry) -> tuple[str, str, int | None, Sequence[int]]:
    """Kind, key and hand of what an entry of history tells the people whom it made co-workers."""
    before, after = entry.changes.get("co_workers", (None, None))
    new = [id for id in people_in(after) if id not in people_in(before)]
    kind = CALLED_IN if entry.kind == "escalated" else HELPS
    return kind, f"task:help:{task_id}:{entry.seq}", entry.actor_id, new


def people_in(holders: Json) -> list[int]:
    """People among holders as history keeps them."""
    people = holders.get("people") if isinstance(holders, dict) else None
    return [id for id in people if isinstance(id, int)] if isinstance(people, list) else []


#: By the name that jobs carry.
SOURCES: Mapping[str, Callable[[Payload], Sequence[NewNotice]]] = {
    "assignments": assignments,
    "deadlines": deadlines,
    "comments": comments,
    "reactions": reactions,
    "tasks": tasks,
}
