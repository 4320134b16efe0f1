"""Edits of fields: added by kind, changed, renamed while they are new, removed with all mentions."""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from typing import Any

from trassa.designer.codes import Row, is_proposed, named_rows, propose_code
from trassa.designer.types import Design
from trassa.kernel import Invalid
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.queries import list_retired
from trassa.schema.registries import field_kinds
from trassa.solutions.types import DeadlineEntry, FieldEntry, OptionEntry, SectionEntry, TabEntry, Words

#: Kinds that a title is made of without being asked, best first.
_TITLES = ("text", "long_text", "link", "date")

#: What is not said of a field with a formula, because nobody fills it in.
WORKED_OUT = {
    **dict.fromkeys(("required", "unique", "read_only"), False),
    **dict.fromkeys(("default", "default_formula", "required_when", "editable_when")),
}


def add_field(design: Design, kind: str, label: str, *, tab: str = "") -> tuple[Design, str]:
    """The design with a new field at the end of a tab (the last one when it names none), and its code."""
    if kind not in field_kinds:
        raise Invalid("There is no such kind of field.")
    code = propose_code(label, taken_codes(design))
    field = FieldEntry(code=code, kind=kind, label=Words(ru=label))
    made = design.with_type(fields=(*design.type.fields, field))
    made = place_field(made, code, tab=tab)
    if "{" not in made.type.title and kind in _TITLES:
        made = made.with_type(title=f"{{{code}}}")
    listed = made.type.layout.list
    if len(listed) < 8 and field_kinds.get(kind).storage == "column":
        made = made.with_layout(list=(*listed, code))
    return made, code


def restore_field(design: Design, entry: FieldEntry) -> Design:
    """The design with a retired field as it was, at the end of the card."""
    return place_field(design.with_type(fields=(*design.type.fields, entry)), entry.code)


def taken_codes(design: Design) -> set[str]:
    """Codes that a new field of the type may not have: retired fields keep theirs."""
    retired = {code for type_code, code in list_retired().fields if type_code == design.type.code}
    return retired | set(design.fields)


def change_field(design: Design, code: str, *, known: Container[str], **changes: Any) -> tuple[Design, str]:
    """A field with other properties; a new one whose code was proposed gets another code with its label."""
    before = design.field(code)
    changed = design.with_field(code, **changes)
    label = changed.field(code).label
    if code in known or label == before.label or not is_proposed(code, before.label.ru):
        return changed, code
    new = propose_code(label.ru, taken_codes(design) - {code})
    return rename_field(changed, code, new), new


def rename_field(design: Design, code: str, new: str) -> Design:
    """A new field under another code, wherever the design speaks of it."""
    if new != code and new in taken_codes(design):
        raise Invalid("There is a field with this code.")

    def other(each: str) -> str:
        return new if each == code else each

    renamed = design.with_field(code, code=new)
    renamed = _with_formulas(renamed, lambda text: re.sub(rf"\b{code}\b", new, text))
    renamed = _with_mentions(renamed, lambda codes: tuple(other(each) for each in codes))
    layout = renamed.type.layout
    if layout.board.sum == code:
        renamed = renamed.with_layout(board=layout.board.model_copy(update={"sum": new}))
    renamed = _with_deadlines(renamed, code, new)
    renamed = renamed.with_type(title=design.type.title.replace(f"{{{code}}}", f"{{{new}}}"))
    shows = {
        field.code: f"{new}{field.shows[len(code) :]}"
        for field in renamed.type.fields
        if field.shows and field.shows.startswith(f"{code}.")
    }
    for each, path in shows.items():
        renamed = renamed.with_field(each, shows=path)
    return renamed


def remove_field(design: Design, code: str) -> Design:
    """The design without a field: off its card, lists, stages, rights. Formulas that use it stay, and the
    plan names them."""
    gone = design.field(code)
    left = design.with_type(fields=tuple(field for field in design.type.fields if field.code != gone.code))
    left = _with_mentions(left, lambda codes: tuple(each for each in codes if each != code))
    layout = left.type.layout
    if layout.board.sum == code:
        left = left.with_layout(board=layout.board.model_copy(update={"sum": ""}))
    left = _with_deadlines(left, code, None)
    title = left.type.title.replace(f"{{{code}}}", "").strip(" ,·—-")
    roles = tuple(
        role.model_copy(
            update={
                "grants": tuple(
                    grant for grant in role.grants if (grant.type, grant.field) != (left.type.code, code)
                )
            }
        )
        for role in left.roles
    )
    return replace(left, roles=roles).with_type(title=title or left.type.label.ru)


def place_field(
    design: Design, code: str, *, tab: str = "", section: int | None = None, at: int | None = None
) -> Design:
    """The field moved on the card: into a section of a tab (the last when not named), at a place in it."""
    tabs = without_on_card(design.type.layout.card, code) or (TabEntry(tab="main", sections=()),)
    target = next((index for index, each in enumerate(tabs) if each.tab == tab), len(tabs) - 1)
    sections = list(tabs[target].sections or (SectionEntry(fields=()),))
    number = len(sections) - 1 if section is None else max(0, min(section, len(sections) - 1))
    codes = list(sections[number].fields)
    codes.insert(len(codes) if at is None else max(0, min(at, len(codes))), code)
    sections[number] = sections[number].model_copy(update={"fields": tuple(codes)})
    changed = tabs[target].model_copy(update={"sections": tuple(sections)})
    return design.with_layout(card=(*tabs[:target], changed, *tabs[target + 1 :]))


def without_on_card(tabs: tuple[TabEntry, ...], code: str) -> tuple[TabEntry, ...]:
    """The tabs of a card without a field."""
    return _tabs_with(tabs, lambda codes: tuple(each for each in codes if each != code))


def make_options(rows: Iterable[Row], colors: list[str]) -> tuple[OptionEntry, ...]:
    """Options as a form gives them."""
    named = named_rows(rows, fallback="option")
    return tuple(OptionEntry(code=code, label=label, color=colors[index]) for index, code, label in named)


def _tabs_with(
    tabs: tuple[TabEntry, ...], change: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> tuple[TabEntry, ...]:
    return tuple(
        tab.model_copy(
            update={
                "sections": tuple(
                    section.model_copy(update={"fields": change(section.fields)}) for section in tab.sections
                )
            }
        )
        for tab in tabs
    )


def _with_mentions(design: Design, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Design:
    """The design with its lists of field codes changed: card, list, board, required fields of stages."""
    layout = design.type.layout
    board = layout.board.model_copy(update={"subtitle": change(layout.board.subtitle)})
    changed = design.with_layout(card=_tabs_with(layout.card, change), list=change(layout.list), board=board)
    for pipeline in design.pipelines:
        stages = tuple(s.model_copy(update={"requires": change(s.requires)}) for s in pipeline.stages)
        changed = changed.with_stages(pipeline.code, stages)
    return changed


def _with_deadlines(design: Design, code: str, new: str | None) -> Design:
    """The design with deadlines that count from a field under its new code; without it from the entry."""

    def changed(deadline: DeadlineEntry | None) -> DeadlineEntry | None:
        if deadline is None or deadline.field != code:
            return deadline
        if new is None and deadline.after is None:
            return None
        return deadline.model_copy(update={"field": new})

    for pipeline in design.pipelines:
        stages = tuple(s.model_copy(update={"deadline": changed(s.deadline)}) for s in pipeline.stages)
        design = design.with_stages(pipeline.code, stages)
    return design


def _with_formulas(design: Design, change: Callable[[str], str]) -> Design:
    """The design with the conditions of its fields, sections and stages changed."""

    def said(text: str | None) -> str | None:
        return None if text is None else change(text)

    for field in design.type.fields:
        formulas = {name: said(getattr(field, name)) for name in EXPRESSIONS}
        design = design.with_field(field.code, **formulas)
    tabs = tuple(
        tab.model_copy(
            update={
                "visible_when": said(tab.visible_when),
                "sections": tuple(
                    s.model_copy(update={"visible_when": said(s.visible_when)}) for s in tab.sections
                ),
            }
        )
        for tab in design.type.layout.card
    )
    design = design.with_layout(card=tabs)
    for pipeline in design.pipelines:
        stages = tuple(
            stage.model_copy(
                update={
                    "enter_when": tuple(
                        each.model_copy(update={"condition": change(each.condition)})
                        for each in stage.enter_when
                    )
                }
            )
            for stage in pipeline.stages
        )
        design = design.with_stages(pipeline.code, stages)
    return design
