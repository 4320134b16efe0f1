"""What the forms of the designer ask for, each as an edit of the design.

A form names its edit in `edit`. Forms are sent whole whenever one of their inputs changes.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from trassa.designer.actions.drafts import Edit
from trassa.designer.codes import Row
from trassa.designer.edits import fields, layouts, rights, stages, types
from trassa.designer.formulas import Formulas
from trassa.designer.queries import list_pipelines, list_retired_fields, retired_fields
from trassa.designer.screens.deadlines import UNITS
from trassa.designer.types import Design, DraftState
from trassa.kernel import Invalid, NotFound
from trassa.people.types import Duration
from trassa.schema.actions.expressions import EXPRESSIONS
from trassa.schema.registries import field_kinds
from trassa.solutions.types import DeadlineEntry, FieldEntry, NumberEntry, Words


class Selection:
    """Which field the page shows afterwards."""

    def __init__(self, field: str) -> None:
        self.field = field
        #: It was just made: its name is asked for at once.
        self.is_new = False


Reader = Callable[[QueryDict, DraftState, Selection], Edit]


def read_edit(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    """The edit that a form asks for; raises NotFound for one that there is not, Invalid for wrong input."""
    reader = READERS.get(form.get("edit", ""))
    if reader is None:
        raise NotFound("There is no such edit.")
    return reader(form, draft, selection)


def _words(form: QueryDict, name: str) -> Words | None:
    """A label in both languages; None when it is empty."""
    ru, en = form.get(f"{name}_ru", "").strip(), form.get(f"{name}_en", "").strip()
    return Words(ru=ru or en, en=en) if ru or en else None


def _rows(form: QueryDict, name: str) -> list[Row]:
    """The rows of a list, each with its code and names."""
    parts = [form.getlist(f"{name}_{part}") for part in ("code", "label", "label_en")]
    if len({len(part) for part in parts}) != 1:
        raise Invalid(_("The form is not complete. Load the page again."))
    return list(zip(*parts, strict=True))


def _name(form: QueryDict, name: str = "label") -> Words:
    found = _words(form, name)
    if found is None:
        raise Invalid(_("A name must not be empty."))
    return found


def _number(form: QueryDict, name: str, default: int = 0) -> int:
    try:
        return int(form.get(name, default))
    except ValueError:
        raise Invalid(_("Write a whole number.")) from None


def _formula(form: QueryDict, name: str, formulas: Formulas) -> str | None:
    text = form.get(name, "").strip()
    return formulas.kept(text) if text else None


def _type(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    title = form.get("title", "").strip()
    if not title:
        raise Invalid(_("Say what titles are made of."))
    number = NumberEntry(prefix=form.get("prefix", "").strip(), width=_digits(form))
    label, plural, menu = _name(form), _name(form, "plural"), _words(form, "menu")
    icon = form.get("icon") or draft.design.type.icon
    return lambda design: types.change_type(
        design, label=label, plural=plural, menu=menu, icon=icon, title=title, number=number
    )


def _digits(form: QueryDict) -> int:
    width = _number(form, "width", 5)
    if not 1 <= width <= 12:
        raise Invalid(_("A number has 1 to 12 digits."))
    return width


def _lists(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    """Columns keep their order; new ones come last, `first` moves one a place forward."""
    ticked = form.getlist("column")
    known = [code for code in draft.design.type.layout.list if code in ticked]
    columns = [*known, *(code for code in ticked if code not in known)]
    forward = form.get("forward")
    if forward in columns:
        at = columns.index(forward)
        columns.insert(max(0, at - 1), columns.pop(at))
    subtitle, total = tuple(form.getlist("subtitle")), form.get("sum", "")
    return lambda design: types.change_lists(design, tuple(columns), subtitle, total)


def _add_field(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    kind = field_kinds.find(form.get("kind", ""))
    if kind is None:
        raise NotFound("There is no such kind.")

    def edit(design: Design) -> Design:
        changed, selection.field = fields.add_field(
            design, kind.code, str(kind.label), tab=form.get("tab", "")
        )
        if "section" in form:
            changed = fields.place_field(
                changed,
                selection.field,
                tab=form.get("tab", ""),
                section=_number(form, "section"),
                at=_number(form, "at"),
            )
        selection.is_new = True
        return changed

    return edit


def _field(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    code = form.get("code", "")
    entry = draft.design.field(code)
    changes = _properties(form, entry, Formulas(draft))
    known = draft.known_fields | retired_fields(draft.code)

    def edit(design: Design) -> Design:
        changed, selection.field = fields.change_field(design, code, known=known, **changes)
        asked = form.get("new_code", code).strip()
        if asked not in (code, selection.field) and code not in known:
            changed = fields.rename_field(changed, selection.field, asked)
            selection.field = asked
        return changed

    return edit


def _properties(form: QueryDict, entry: FieldEntry, formulas: Formulas) -> dict[str, Any]:
    """The properties of a field as the form has them; what it does not ask for stays."""
    kind = field_kinds.get(form.get("kind") or entry.kind)
    flags = {name: name in form for name in ("required", "unique", "read_only", "restricted", "sortable")}
    changes: dict[str, Any] = {
        "kind": kind.code,
        "label": _name(form),
        "help": _words(form, "help"),
        **flags,
        **{name: _formula(form, name, formulas) for name in EXPRESSIONS if name in form},
    }
    if "default" in form:
        changes["default"] = _default(form, kind.code)
    if kind.with_target:
        changes["target"] = form.get("target") or None
    if kind.storage == "linked":
        changes["shows"] = form.get("shows") or None
    if kind.with_options:
        changes["options"] = fields.make_options(_rows(form, "option"), form.getlist("option_color"))
    if "settings" in form:
        changes["settings"] = {each.name: _setting(form, each.name, each.default) for each in kind.settings}
    if changes.get("formula"):
        changes |= fields.WORKED_OUT
    if changes.get("formula") or (kind.storage == "linked" and changes.get("frozen_when")):
        changes |= {name: name in form for name in ("formula_open", "keeps_history")}
    return changes


def _default(form: QueryDict, kind: str) -> Any:
    text = form.get("default", "").strip()
    return (text == "true" if text else None) if kind == "boolean" else text or None


def _setting(form: QueryDict, name: str, default: bool | int | str) -> bool | int | str:
    if isinstance(default, bool):
        return f"setting_{name}" in form
    if isinstance(default, int):
        return _number(form, f"setting_{name}", default)
    return form.get(f"setting_{name}", default)


def _restore_field(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    code = form.get("code", "")
    entry = next((each.entry for each in list_retired_fields(draft) if each.entry.code == code), None)
    if not isinstance(entry, FieldEntry):
        raise NotFound("There is no such field.")
    restored = entry
    selection.field = code
    return lambda design: fields.restore_field(design, restored)


def _remove_field(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    selection.field = ""
    return lambda design: fields.remove_field(design, form.get("code", ""))


def _place_field(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    code, at = form.get("code", ""), form.get("at")
    draft.design.field(code)
    selection.field = code
    return lambda design: fields.place_field(
        design,
        code,
        tab=form.get("tab", ""),
        section=_number(form, "section"),
        at=None if at is None else _number(form, "at"),
    )


def _section(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    return lambda design: layouts.change_section(
        design,
        form.get("tab", ""),
        _number(form, "section"),
        label=_words(form, "label"),
        columns=1 if form.get("columns") == "1" else 2,
        visible_when=_formula(form, "visible_when", Formulas(draft)),
    )


def _stage(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    pipeline, code = form.get("pipeline", ""), form.get("code", "")
    stage = stages.find_stage(draft.design.pipeline(pipeline), code)
    formulas = Formulas(draft)
    ticked = set(form.getlist("item_required"))
    items = _rows(form, "item")
    required = [str(index) in ticked for index in range(len(items))]
    changes = {
        "label": _name(form),
        "color": form.get("color", stage.color),
        "meaning": form.get("meaning", stage.meaning),
        "requires": tuple(form.getlist("requires")),
        "next": tuple(form.getlist("next")),
        "reason": "reason" in form,
        "enter_when": stages.make_conditions(
            _rows(form, "condition"),
            [formulas.kept(text) for text in form.getlist("condition_formula")],
        ),
        "checklist": stages.make_checklist(items, required),
        "deadline": _deadline(form),
    }
    return lambda design: stages.change_stage(design, pipeline, code, **changes)


def _deadline(form: QueryDict) -> DeadlineEntry | None:
    """How long a record may stay; None when neither a time nor a date is given."""
    after, field = _time(form, "after"), form.get("deadline_field") or None
    if after is None and field is None:
        return None
    return DeadlineEntry(
        after=after, field=field, warning=_time(form, "warning"), escalation=_time(form, "escalation")
    )


def _time(form: QueryDict, name: str) -> str | None:
    """A duration of an amount and a unit; None when the amount is empty."""
    amount = form.get(name, "").strip()
    unit = form.get(f"{name}_unit", "")
    if not amount:
        return None
    if not amount.isdecimal() or unit not in UNITS:
        raise Invalid(_("Write a whole number."))
    return str(Duration.parse(f"{amount} {unit}"))


def _add_pipeline(form: QueryDict, draft: DraftState, selection: Selection) -> Edit:
    taken = {each.code for each in list_pipelines()}
    return lambda design: types.add_pipeline(design, taken)


READERS: Mapping[str, Reader] = {
    "type": _type,
    "lists": _lists,
    "add-field": _add_field,
    "field": _field,
    "remove-field": _remove_field,
    "place-field": _place_field,
    "restore-field": _restore_field,
    "section": _section,
    "add-section": lambda form, draft, selection: (
        lambda design: layouts.add_section(design, form.get("tab", ""), Words(ru=_("Section")))
    ),
    "move-section": lambda form, draft, selection: (
        lambda design: layouts.move_section(
            design, form.get("tab", ""), _number(form, "section"), _number(form, "step")
        )
    ),
    "remove-section": lambda form, draft, selection: (
        lambda design: layouts.remove_section(design, form.get("tab", ""), _number(form, "section"))
    ),
    "add-tab": lambda form, draft, selection: (
        lambda design: layouts.add_tab(design, Words(ru=_("Tab")), Words(ru=_("Main")))
    ),
    "tab": lambda form, draft, selection: (
        lambda design: layouts.change_tab(
            design,
            form.get("tab", ""),
            label=_name(form),
            visible_when=_formula(form, "visible_when", Formulas(draft)),
        )
    ),
    "remove-tab": lambda form, draft, selection: (
        lambda design: layouts.remove_tab(design, form.get("tab", ""))
    ),
    "stage": _stage,
    "add-stage": lambda form, draft, selection: (
        lambda design: stages.add_stage(design, form.get("pipeline", ""), Words(ru=_("Stage")))
    ),
    "move-stage": lambda form, draft, selection: (
        lambda design: stages.move_stage(
            design, form.get("pipeline", ""), form.get("code", ""), _number(form, "step")
        )
    ),
    "remove-stage": lambda form, draft, selection: (
        lambda design: stages.remove_stage(design, form.get("pipeline", ""), form.get("code", ""))
    ),
    "reasons": lambda form, draft, selection: (
        lambda design: stages.set_reasons(design, form.get("pipeline", ""), _rows(form, "reason"))
    ),
    "add-pipeline": _add_pipeline,
    "rights": lambda form, draft, selection: (
        lambda design: rights.set_preset(design, form.get("role", ""), form.get("preset", ""))
    ),
}
