"""Templates of tasks, as files say them."""

from typing import Annotated, Literal

from pydantic import Field

from trassa.solutions.format.values import Code, Entry, Offset, Text, Time, Words


class TaskEntry(Entry):
    """`tasks/<code>.yaml`: a template of tasks, for people to begin one with and for rules to give.

    With a `type` it is for tasks about its records, and `fields` are theirs. Times count from when a task is
    given, by the calendar of whoever is to do it.
    """

    code: Code
    type: Code | None = None
    label: Words
    position: int = 0
    #: Offered in the form of a new task.
    active: bool = True
    kind: Literal["todo", "call", "meeting", "form", "acknowledgement", "approval", "upload"] = "todo"
    title: Text
    text: str = ""
    #: Whom it is for, beside `person` (a login), `person_field`, `role` or `department` where one is meant.
    who: Literal["owner", "person", "field", "head", "actor", "one_of_role", "one_of_department"] = "owner"
    person: str = ""
    person_field: Code | None = None
    role: Code | None = None
    department: Code | None = None
    due: Time | None = None
    #: Instead of `due`: a date of the record that its due moment follows, and how far behind it, before it
    #: when negative: “-1 working day”.
    due_field: Code | None = None
    due_offset: Offset | None = None
    #: How it comes again, an RRULE of RFC 5545: “FREQ=WEEKLY;BYDAY=MO”; `due` is the first time.
    repeat: Text | None = None
    #: Counted from when the last one ended.
    after_end: bool = False
    #: What falls on a day off stays, is left out, or comes on the next working day.
    days_off: Literal["keep", "skip", "next"] = "keep"
    #: So long after that the owner's head is called in.
    escalation: Time | None = None
    priority: Literal["low", "normal", "high"] = "normal"
    estimate_minutes: Annotated[int, Field(ge=1)] | None = None
    checklist: tuple[Text, ...] = ()
    #: It ends well only when all of the checklist is ticked off.
    whole_checklist: bool = False
    #: What a form asks for, or the field of files where a document goes.
    fields: tuple[Code, ...] = ()
    #: What kind of document, an option of that field.
    file_kind: Code | None = None
