"""The kinds of notices that come from records and rules, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trassa.records.queries.comments import comments_by_id
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.ui import address_of, date_short
from trassa.work.actions.overdue import TASK_LATE
from trassa.work.notice_types import LOUDLY, QUIETLY, NoticeFacts, NoticeKind, address_of_card
from trassa.work.queries.tasks import read_tasks
from trassa.work.registries import notice_kinds

ASSIGNED, ASSIGNED_MANY = "assigned", "assigned_many"
SOON, LATE, ESCALATED = "deadline_soon", "overdue", "escalated"
RULE, TEST, REMINDER, MAILBOX = "rule", "test", "reminder", "mailbox"
GIVEN, OFFERED, HELPS, DONE = "task_given", "task_offered", "task_help", "task_done"
CALLED_IN = "task_escalated"
MENTIONED, ANSWERED, COMMENTED, REACTED = "mentioned", "answered", "commented", "reacted"

#: Characters of a comment that are quoted.
QUOTED = 200


def assigned(facts: NoticeFacts) -> str:
    return _("You are the owner now")


def assigned_many(facts: NoticeFacts) -> str:
    count = int(facts.data["count"])
    spec = current_generation().types_by_id.get(facts.data["type"])
    values = {"count": count, "type": spec.plural if spec else ""}
    return (
        ngettext(
            "You are the owner of %(count)s record now: %(type)s",
            "You are the owner of %(count)s records now: %(type)s",
            count,
        )
        % values
    )


def address_of_mine(facts: NoticeFacts) -> str:
    spec = current_generation().types_by_id.get(facts.data["type"])
    return address_of("records:list", spec.code) if spec else ""


def deadline_soon(facts: NoticeFacts) -> str:
    return _("Due soon, %(when)s: %(stage)s") % deadline_words(facts)


def overdue(facts: NoticeFacts) -> str:
    return _("Overdue since %(when)s: %(stage)s") % deadline_words(facts)


def escalated(facts: NoticeFacts) -> str:
    return _("Long overdue, since %(when)s: %(stage)s") % deadline_words(facts)


def deadline_words(facts: NoticeFacts) -> dict[str, str]:
    stage = current_generation().stages_by_id.get(facts.data["stage"])
    when = date_short(datetime.fromisoformat(facts.data["due_at"]))
    return {"when": when, "stage": str(stage.label) if stage else ""}


def reminded(facts: NoticeFacts) -> str:
    """The times are those that the person's clock showed."""
    when = date_format(datetime.fromisoformat(facts.data["moment"]), "j E, H:i")
    text = _("Reminder: %(when)s") % {"when": when}
    if facts.data["note"]:
        text = f"{facts.data['note']} · {when}"
    if late := facts.data.get("late"):
        due = date_format(datetime.fromisoformat(late), "j E, H:i")
        text = _("%(text)s (late: it was due %(due)s)") % {"text": text, "due": due}
    return text


def address_of_reminded(facts: NoticeFacts) -> str:
    if facts.data["task"]:
        return address_of_task(facts)
    return facts.card or address_of("work:reminders")


def given(facts: NoticeFacts) -> str:
    if count := facts.data.get("count"):
        return ngettext("%(count)s task for you", "%(count)s tasks for you", count) % {"count": count}
    return _("%(who)s gives you a task") % {"who": facts.who} if facts.who else _("A task for you")


def offered(facts: NoticeFacts) -> str:
    if count := facts.data.get("count"):
        text = ngettext("%(count)s task that you may take", "%(count)s tasks that you may take", count)
        return text % {"count": count}
    return _("A task waits for whoever takes it first")


def helps(facts: NoticeFacts) -> str:
    if count := facts.data.get("count"):
        text = ngettext("%(count)s task to help with", "%(count)s tasks to help with", count)
        return text % {"count": count}
    if facts.who:
        return _("%(who)s asks you to help with a task") % {"who": facts.who}
    return _("You are to help with a task")


def task_late(facts: NoticeFacts) -> str:
    if count := facts.data.get("count"):
        return ngettext("%(count)s task is overdue", "%(count)s tasks are overdue", count) % {"count": count}
    when = date_short(datetime.fromisoformat(facts.data["due_at"]))
    return _("A task is overdue, since %(when)s") % {"when": when}


def called_in(facts: NoticeFacts) -> str:
    return _("A task of your people is long overdue: look after it")


def done(facts: NoticeFacts) -> str:
    return _("%(who)s has ended a task") % {"who": facts.who or _("Trassa")}


def address_of_task(facts: NoticeFacts) -> str:
    task = facts.data.get("task")
    return address_of("work:task", task) if task else address_of("work:inbox")


def quote_tasks(data: Sequence[Mapping[str, Any]]) -> list[str]:
    """Titles of the tasks, as they stand; "" of what is about none, or about many."""
    ids = [each.get("task") for each in data]
    tasks = read_tasks(id for id in ids if id)
    return [tasks[id].title if id in tasks else "" for id in ids]


def tested(facts: NoticeFacts) -> str:
    return _("This is how Trassa tells you of something")


def mailbox_refused(facts: NoticeFacts) -> str:
    return _("The mail server does not know your address: letters are switched off")


def address_of_settings(facts: NoticeFacts) -> str:
    return address_of("work:channels")


def said_by_rule(facts: NoticeFacts) -> str:
    return str(Label(facts.data["text"], facts.data.get("text_en", "")))


def mentioned(facts: NoticeFacts) -> str:
    return _("%(who)s names you") % {"who": facts.who or _("Trassa")}


def answered(facts: NoticeFacts) -> str:
    return _("%(who)s answers you") % {"who": facts.who or _("Trassa")}


def commented(facts: NoticeFacts) -> str:
    return _("%(who)s writes") % {"who": facts.who or _("Trassa")}


def reacted(facts: NoticeFacts) -> str:
    return _("%(who)s reacts to your comment") % {"who": facts.who or _("Trassa")}


def quote_comments(data: Sequence[Mapping[str, Any]]) -> list[str]:
    """The beginnings of comments as they stand; "" of those that are gone."""
    found = comments_by_id(each["comment"] for each in data)
    lines = (found.get(each["comment"]) for each in data)
    return [" ".join(line.text.split())[:QUOTED] if line else "" for line in lines]


def register_tasks() -> None:
    """Enter what people are told of tasks."""
    for code, label, icon, text, channels in (
        (GIVEN, gettext_lazy("Tasks for me"), "checkbox", given, LOUDLY),
        (OFFERED, gettext_lazy("Tasks that I may take"), "inbox", offered, QUIETLY),
        (HELPS, gettext_lazy("Tasks that I am to help with"), "users", helps, QUIETLY),
        (TASK_LATE, gettext_lazy("A task is overdue"), "alert-circle", task_late, QUIETLY),
        (CALLED_IN, gettext_lazy("Long overdue tasks of my people"), "alert-triangle", called_in, LOUDLY),
        (DONE, gettext_lazy("Tasks that I gave or watch have ended"), "circle-check", done, QUIETLY),
    ):
        kind = NoticeKind(label, icon, text, address_of_task, quote_tasks, channels=channels)
        folds = code in (GIVEN, OFFERED, HELPS, TASK_LATE)
        notice_kinds.register(code, replace(kind, passed_on=code != DONE, folds=folds))


def register() -> None:
    """Enter the kinds of this module."""
    for code, label, icon, text, channels in (
        (ASSIGNED, gettext_lazy("A record became mine"), "user", assigned, LOUDLY),
        (ASSIGNED_MANY, gettext_lazy("Many records became mine"), "users", assigned_many, LOUDLY),
        (SOON, gettext_lazy("A stage is soon due"), "clock", deadline_soon, QUIETLY),
        (LATE, gettext_lazy("A stage is overdue"), "alert-circle", overdue, QUIETLY),
        (ESCALATED, gettext_lazy("Long overdue with my people"), "alert-triangle", escalated, LOUDLY),
    ):
        address = address_of_mine if code == ASSIGNED_MANY else address_of_card
        notice_kinds.register(code, NoticeKind(label, icon, text, address, channels=channels, passed_on=True))
    said = NoticeKind(gettext_lazy("Messages of rules"), "robot", said_by_rule, channels=LOUDLY)
    notice_kinds.register(RULE, replace(said, passed_on=True))
    register_tasks()
    notice_kinds.register(
        REMINDER,
        NoticeKind(
            gettext_lazy("Reminders"), "clock", reminded, address_of_reminded, quote_tasks, channels=LOUDLY
        ),
    )
    attempt = NoticeKind(gettext_lazy("A test"), "bell", tested, channels=LOUDLY, fixed=True)
    notice_kinds.register(TEST, attempt)
    refused = NoticeKind(gettext_lazy("My letters"), "mail", mailbox_refused, address_of_settings, fixed=True)
    notice_kinds.register(MAILBOX, refused)
    for code, label, icon, text, channels in (
        (MENTIONED, gettext_lazy("Somebody names me"), "user", mentioned, LOUDLY),
        (ANSWERED, gettext_lazy("Answers to my comments"), "messages", answered, LOUDLY),
        (COMMENTED, gettext_lazy("Comments on what I watch"), "message", commented, QUIETLY),
        (REACTED, gettext_lazy("Reactions to my comments"), "circle-check", reacted, QUIETLY),
    ):
        kind = NoticeKind(label, icon, text, quotes=quote_comments, channels=channels)
        notice_kinds.register(code, replace(kind, passed_on=code != REACTED))
