"""Edits of what a type is called, how its records are named and numbered, and what lists and boards show."""

import re

from trassa.designer.codes import propose_code
from trassa.designer.types import Design
from trassa.solutions.types import (
    BoardEntry,
    Configuration,
    LayoutEntry,
    NumberEntry,
    PipelineEntry,
    SectionEntry,
    StageEntry,
    TabEntry,
    TypeEntry,
    Words,
)

LIST_COLUMNS = ("number", "title", "owner", "created_at")


def begin_design(
    label: Words, plural: Words, icon: str, *, code: str, with_stages: bool, installed: Configuration
) -> Design:
    """A new type as a design begins: an empty card, a list, and three stages when it has any."""
    section = SectionEntry(fields=())
    entry = TypeEntry(
        code=code,
        label=label,
        plural=plural,
        icon=icon,
        position=max((each.position for each in installed.types), default=0) + 1,
        title=label.ru,
        number=NumberEntry(prefix=initials_of(label.ru)),
        fields=(),
        layout=LayoutEntry(
            card=(TabEntry(tab="main", sections=(section,)),),
            list=(*LIST_COLUMNS[:2], "stage", *LIST_COLUMNS[2:]) if with_stages else LIST_COLUMNS,
            board=BoardEntry(),
        ),
    )
    taken = {each.code for each in installed.pipelines}
    pipelines = (begin_pipeline(entry, taken),) if with_stages else ()
    return Design(entry, pipelines, installed.roles)


def begin_pipeline(entry: TypeEntry, taken: set[str]) -> PipelineEntry:
    """A pipeline with a first stage, a good end and a bad one."""
    stages = (
        StageEntry(code="new", label=_both("Новый", "New"), color="#8b95a3"),
        StageEntry(code="done", label=_both("Завершён", "Done"), color="#16a34a", meaning="won"),
        StageEntry(code="cancelled", label=_both("Отменён", "Cancelled"), color="#dc2626", meaning="lost"),
    )
    code = entry.code if entry.code not in taken else propose_code(entry.label.ru, taken)
    return PipelineEntry(code=code, type=entry.code, label=entry.plural, stages=stages)


def add_pipeline(design: Design, taken: set[str]) -> Design:
    """The design with one more pipeline."""
    pipelines = (*design.pipelines, begin_pipeline(design.type, taken | {p.code for p in design.pipelines}))
    listed = design.type.layout.list
    wider = Design(design.type, pipelines, design.roles)
    return wider if "stage" in listed else wider.with_layout(list=(*listed, "stage"))


def initials_of(label: str) -> str:
    """A prefix of numbers: "Тест-драйв" gives "ТД-"."""
    letters = [word[0].upper() for word in re.split(r"[\s-]+", label) if word and word[0].isalpha()]
    return "".join(letters[:3]) + "-" if letters else ""


def change_type(
    design: Design,
    *,
    label: Words,
    plural: Words,
    menu: Words | None,
    icon: str,
    title: str,
    number: NumberEntry,
) -> Design:
    """Other names, another icon, title or numbering."""
    return design.with_type(label=label, plural=plural, menu=menu, icon=icon, title=title, number=number)


def change_lists(design: Design, columns: tuple[str, ...], subtitle: tuple[str, ...], total: str) -> Design:
    """Other columns of the list, another board card."""
    return design.with_layout(list=columns, board=BoardEntry(subtitle=subtitle, sum=total))


def _both(ru: str, en: str) -> Words:
    """A label that comes with the program, so in both languages."""
    return Words(ru=ru, en=en)
