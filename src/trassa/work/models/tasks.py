"""Tasks, and the seats of those who have a part in them beside the owner.

An open task without an owner waits for its candidates: each has a seat, and the first to take it owns it.
Seats repeat what the inbox sorts by, so that what waits for one role among a million tasks is read from one
index.
See docs/decisions/0031-tasks.md.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Task(models.Model):
    """Something that somebody is to do."""

    class Kind(models.TextChoices):
        TODO = "todo", pgettext_lazy("a kind of task", "To do")
        CALL = "call", pgettext_lazy("a kind of task", "Call")
        MEETING = "meeting", pgettext_lazy("a kind of task", "Meeting")
        FORM = "form", pgettext_lazy("a kind of task", "Form")
        ACKNOWLEDGEMENT = "acknowledgement", pgettext_lazy("a kind of task", "Acknowledgement")
        APPROVAL = "approval", pgettext_lazy("a kind of task", "Approval")
        UPLOAD = "upload", pgettext_lazy("a kind of task", "Document")

    class Priority(models.TextChoices):
        LOW = "low", pgettext_lazy("of a task", "Low")
        NORMAL = "normal", pgettext_lazy("of a task", "Usual")
        HIGH = "high", pgettext_lazy("of a task", "High")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a task", "Open")
        DONE = "done", pgettext_lazy("of a task", "Done")
        CANCELLED = "cancelled", pgettext_lazy("of a task", "Cancelled")

    kind = models.TextField(choices=Kind, default=Kind.TODO)
    title = models.TextField()
    text = models.TextField(default="")
    record = models.ForeignKey("records.Anchor", models.CASCADE, null=True, related_name="+", db_index=False)
    #: The type of the record: rights differ by it.
    type_id = models.BigIntegerField(null=True)
    #: Who does it; None while it waits for whoever takes it.
    owner = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    #: Who gave it; None when it came about by itself.
    author = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="+", db_index=False)
    #: A meeting begins then; everything else is late behind it.
    due_at = models.DateTimeField(null=True)
    #: The date of its record that the due moment follows, or once followed: since somebody gave another one
    #: it does not. No foreign key: fields are destroyed apart.
    due_field_id = models.BigIntegerField(null=True)
    #: A duration behind that date, before it when negative; "" for the date itself.
    due_offset = models.TextField(default="")
    due_follows = models.BooleanField(default=False)
    estimate_minutes = models.IntegerField(null=True)
    priority = models.TextField(choices=Priority, default=Priority.NORMAL)
    state = models.TextField(choices=State, default=State.OPEN)
    #: How it ended, in the words of its kind.
    outcome = models.TextField(default="")
    result = models.TextField(default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    #: What it consists of, in order: [{"id", "text", "done_at", "done_by"}], ids count within the task.
    checklist = models.JSONField(default=list)
    #: It ends well only when all of that is ticked.
    whole_checklist = models.BooleanField(default=False)
    #: Ids of the fields of its record: a form asks for all of them, an upload for a file in the one. No
    #: foreign keys: fields are destroyed apart.
    field_ids = ArrayField(models.BigIntegerField(), default=list)
    #: Option of the field of files: what kind of document is asked for.
    file_kind_id = models.BigIntegerField(null=True)
    #: The tasks that it follows and that follow it, for one that comes again.
    series = models.ForeignKey("work.Series", models.SET_NULL, null=True, related_name="+", db_index=False)
    #: Until then it is out of its owner's sight.
    snoozed_until = models.DateTimeField(null=True)
    #: Names tasks that rules give alike.
    code = models.TextField(default="")
    #: A duration behind the due moment: then the owner's head is called in; "" for never.
    escalation = models.TextField(default="")
    #: Says once for all where it came from, where that could come twice: "rule 5 step 2 run 8".
    key = models.TextField(null=True, unique=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "work_task"
        constraints = [
            models.CheckConstraint(
                name="work_task_kind",
                condition=Q(
                    kind__in=["todo", "call", "meeting", "form", "acknowledgement", "approval", "upload"]
                ),
            ),
            models.CheckConstraint(
                name="work_task_priority", condition=Q(priority__in=["low", "normal", "high"])
            ),
            models.CheckConstraint(
                name="work_task_state",
                condition=Q(state="open", done_at=None)
                | Q(state__in=["done", "cancelled"], done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="work_task_record_with_type",
                condition=Q(record=None, type_id=None) | Q(record__isnull=False, type_id__isnull=False),
            ),
            models.CheckConstraint(
                name="work_task_follows_a_date",
                condition=Q(due_follows=False) | Q(due_field_id__isnull=False, record__isnull=False),
            ),
        ]
        indexes = [
            # Asked with every change of a record.
            models.Index(
                name="work_task_follows", fields=["record"], condition=Q(state="open", due_follows=True)
            ),
            models.Index(
                name="work_task_code", fields=["record", "code"], condition=Q(state="open") & ~Q(code="")
            ),
            models.Index(name="work_task_owner", fields=["owner", "due_at", "id"], condition=Q(state="open")),
            models.Index(name="work_task_author", fields=["author", "-id"]),
            models.Index(name="work_task_ended", fields=["owner", "-done_at"], condition=~Q(state="open")),
            models.Index(
                name="work_task_record", fields=["record", "-id"], condition=Q(record__isnull=False)
            ),
            models.Index(name="work_task_series", fields=["series", "id"], condition=Q(series__isnull=False)),
            # Calendars: of somebody, and the meetings about records of a type.
            models.Index(
                name="work_task_when", fields=["owner", "due_at"], condition=Q(due_at__isnull=False)
            ),
            models.Index(
                name="work_task_meetings",
                fields=["type_id", "due_at"],
                condition=Q(kind="meeting", due_at__isnull=False, record__isnull=False),
            ),
            models.Index(name="work_task_parent", fields=["parent", "id"], condition=Q(parent__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Seat(models.Model):
    """The part of a person, a role or a department in a task."""

    class Part(models.TextChoices):
        #: May take it.
        CANDIDATE = "candidate", _("Candidate")
        #: Works on it beside the owner.
        CO_WORKER = "co_worker", _("Co-worker")
        #: Is shown it.
        OBSERVER = "observer", _("Observer")

    task = models.ForeignKey(Task, models.CASCADE, related_name="seats", db_index=False)
    part = models.TextField(choices=Part)
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+", db_index=False)
    role = models.ForeignKey("people.Role", models.CASCADE, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+", db_index=False
    )
    #: Whose seat it is, in a word: "p5", "r3" or "d2".
    holder = models.TextField()
    #: The task asks something of whoever sits here: it is open and, for candidates, nobody owns it.
    waits = models.BooleanField()
    #: As of the task.
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_seat"
        constraints = [
            models.UniqueConstraint(name="work_seat_once", fields=["task", "holder", "part"]),
            models.CheckConstraint(
                name="work_seat_part", condition=Q(part__in=["candidate", "co_worker", "observer"])
            ),
            models.CheckConstraint(
                name="work_seat_one_holder",
                condition=Q(person__isnull=False, role=None, department=None)
                | Q(person=None, role__isnull=False, department=None)
                | Q(person=None, role=None, department__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="work_seat_waits", fields=["holder", "due_at", "task"], condition=Q(waits=True)
            ),
            models.Index(
                name="work_seat_when",
                fields=["holder", "due_at"],
                condition=Q(part="co_worker", due_at__isnull=False),
            ),
            models.Index(name="work_seat_holder", fields=["holder", "part", "-task"]),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.part} {self.task_id}"
