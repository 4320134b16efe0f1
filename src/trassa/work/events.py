"""What this room tells the world through the outbox, and how it becomes notices for browsers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job, Notice
from trassa.people.events import count_anew

#: Tasks came, changed or ended. Payload: `{"items": [{"task", "version", "change", "holders"}]}`. `change` is
#: created, taken, released, changed, delegated, snoozed, escalated, done, cancelled, reopened, or followed:
#: its timers are looked after and nothing else. `holders` are those whose lists are touched, before and
#: after: "p5" is person 5, "r3" role 3, "d2" department 2. No values travel.
TASKS_CHANGED = "work.tasks_changed"

#: People were told of something, or have read it. Payload: `{"people": [ids], "notices": [ids]}`; without
#: notices what they have read changed.
NOTICES_CHANGED = "work.notices_changed"


def topic_of(holder: str) -> str:
    """The topic on which a person, a role or a department hears of tasks."""
    return f"work.{holder}"


def topics_of(holders: Iterable[str]) -> list[str]:
    """The topics of these holders."""
    return [topic_of(holder) for holder in holders]


def common_topic() -> str:
    """Tells everybody that tasks have changed somewhere, not which: calendars of teams look again."""
    return "work.all"


def announce_to_browsers(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A notice for everybody whose inbox is another one."""
    notices = [
        Notice(topic, item["task"], item["version"])
        for payload in payloads
        for item in payload["items"]
        for topic in topics_of(item["holders"])
    ]
    return Dispatch(notices=[*notices, Notice(common_topic())])


# Tasks that one job tells of.
_AT_ONCE = 1_000

#: Letters or messages are to be sent now. Payload: `{"deliveries": [ids]}`.
DELIVERIES_DUE = "work.deliveries_due"


def notice_topic(person_id: int) -> str:
    """The topic on which a person's open pages hear of their notices."""
    return f"work.n{person_id}"


def renew_bells(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """Notices on the topics of these people: `work.n7` for person 7."""
    people = {person for payload in payloads for person in payload["people"]}
    return Dispatch(notices=[Notice(notice_topic(person)) for person in sorted(people)])


def plan_deliveries(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that sees who wants letters or messages about new notices."""
    ids = [id for payload in payloads for id in payload["notices"]]
    return Dispatch(jobs=[Job("work.plan_deliveries", {"notices": ids})] if ids else [])


def send_deliveries(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each letter or message."""
    names = {f"work.deliver {id}": id for payload in payloads for id in payload["deliveries"]}
    return Dispatch(
        jobs=[
            Job("work.deliver", {"delivery": id}, queueing_lock=name, lock=name) for name, id in names.items()
        ]
    )


def tell_of_assignments(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that tells the new owners."""
    return _tell(
        "assignments", [{"who": each["who"], "given": each["given"]} for each in payloads if "given" in each]
    )


def tell_of_deadlines(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that tells owners, and their heads of what is long overdue."""
    return _tell("deadlines", payloads)


def tell_of_comments(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that tells whoever a comment names, answers, or reaches because they watch the record."""
    return _tell("comments", payloads)


def tell_of_reactions(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that tells whoever wrote the comment."""
    return _tell("reactions", payloads)


def follow_tasks(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that brings reminders in line with the deadlines of tasks that changed."""
    tasks = sorted({item["task"] for payload in payloads for item in payload["items"]})
    return Dispatch(jobs=[Job("work.follow_tasks", {"tasks": tasks})] if tasks else [])


def follow_working_time(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts due moments that follow dates anew, of the people concerned or of everybody."""
    return count_anew("work.recount_due_moments", payloads)


def tell_of_tasks(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """Jobs that tell for whom new tasks wait, and of ended ones whoever gave or watches them."""
    items = [item for payload in payloads for item in payload["items"]]
    return _tell("tasks", [{"items": items[at : at + _AT_ONCE]} for at in range(0, len(items), _AT_ONCE)])


def _tell(source: str, payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    return Dispatch(jobs=[Job("work.tell", {"source": source, "payload": dict(each)}) for each in payloads])
