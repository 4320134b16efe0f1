"""Setting an import up: columns, duplicates, robots, what to fill everywhere, where the table lies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.matching import offered_keys, usual_keys
from trassa.imports.queries.subjects import type_of
from trassa.imports.screens.columns import (
    Choice,
    ColumnLine,
    label_of,
    make_columns,
    required_fields,
    target_choices,
)
from trassa.imports.screens.places import Place, make_place
from trassa.imports.screens.previews import Preview, make_preview
from trassa.imports.types import Column, Duplicates, ImportRun, Options, Robots
from trassa.imports.validation import fillable_targets
from trassa.kernel import FieldError, TrassaError
from trassa.schema.types import TypeSpec

Choosable = TypeVar("Choosable", Duplicates, Robots)


@dataclass(frozen=True, slots=True)
class Asked:
    """Columns and options as a person chose them, and what is wrong with them."""

    columns: Sequence[Column]
    options: Options
    #: What is filled everywhere, also where its value is not given yet.
    constants: dict[str, str]
    errors: Sequence[FieldError] = ()
    #: The place of the table is what the person is at, and what is wrong with it.
    at_place: bool = False
    place_error: str = ""

    @classmethod
    def of(cls, run: ImportRun, *, at_place: bool = False, place_error: str = "") -> "Asked":
        errors = [FieldError("place", "invalid", place_error)] if place_error else []
        return cls(run.columns, run.options, dict(run.options.constants), errors, at_place, place_error)


def read_asked(sent: QueryDict, run: ImportRun, actor: Actor) -> Asked:
    """What a form says; what it does not mention stays as it was."""
    columns = [
        Column(
            column.heading,
            str(sent.get(f"target-{index}", column.target)),
            str(sent.get(f"key-{index}", "")),
        )
        for index, column in enumerate(run.columns)
    ]
    columns = [fitting(column, before) for column, before in zip(columns, run.columns, strict=True)]
    constants = {
        name.removeprefix("constant-"): str(sent[name]).strip()
        for name in sent
        if name.startswith("constant-")
    }
    if added := sent.get("add"):
        constants.setdefault(str(added), "")
    options = Options(
        duplicates=chosen(Duplicates, sent.get("duplicates"), run.options.duplicates),
        keys=follow(sent, columns, run, actor),
        robots=chosen(Robots, sent.get("robots"), run.options.robots),
        constants={code: text for code, text in constants.items() if text},
    )
    return Asked(columns, options, constants)


def fitting(column: Column, before: Column) -> Column:
    """A key belongs to what the column filled; another target begins without one."""
    return column if column.target == before.target else replace(column, key="")


def chosen(kind: type[Choosable], value: object, otherwise: Choosable) -> Choosable:
    try:
        return kind(str(value))
    except ValueError:
        return otherwise


def follow(sent: QueryDict, columns: Sequence[Column], run: ImportRun, actor: Actor) -> tuple[str, ...]:
    """The keys that were ticked among what is filled, and those that the form could not offer yet."""
    filled = {column.target for column in columns}
    ticked = [str(key) for key in sent.getlist("keys") if key in filled]
    offered = set(sent.getlist("offered"))
    usual = usual_keys(actor, type_of(run), filled)
    return tuple(dict.fromkeys([*ticked, *(key for key in usual if key not in offered)]))


def refuse(asked: Asked, error: TrassaError) -> Asked:
    """The same with what is wrong."""
    errors = error.errors or (FieldError("", error.code, error.message),)
    return replace(asked, errors=errors)


@dataclass(frozen=True, slots=True)
class Constant:
    """What is filled where a line says nothing."""

    code: str
    label: str
    value: str
    #: What may be chosen; none where people write.
    choices: Sequence[Choice]
    error: str
    required: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything on the screen on which an import is set up."""

    place: Place
    columns: Sequence[ColumnLine]
    targets: Sequence[Choice]
    #: Names of required fields that nothing fills.
    missing: Sequence[str]
    constants: Sequence[Constant]
    addable: Sequence[Choice]
    duplicates: str
    robots: str
    keys: Sequence[tuple[str, str, bool]]
    preview: Preview | None
    errors: Sequence[str]
    save_url: str
    check_url: str
    start_url: str


def make_setup(run: ImportRun, actor: Actor, asked: Asked | None) -> Setup:
    """The screen for a run as it is, or as somebody wished it to be."""
    spec = type_of(run)
    errors = asked.errors if asked else ()
    asked = asked or Asked.of(run)
    filled = {column.target for column in asked.columns if column.target}
    missing = [field for field in required_fields(spec, actor) if field.code not in filled]
    constants = make_constants(asked, spec, filled, [field.code for field in missing])
    named = {constant.code for constant in constants}
    return Setup(
        place=make_place(run, asked.place_error, is_open=asked.at_place),
        columns=make_columns(run, asked.columns, spec, actor),
        targets=target_choices(spec, actor),
        missing=[str(field.label) for field in missing if not asked.constants.get(field.code)],
        constants=constants,
        addable=[
            (code, label_of(code, spec))
            for code in fillable_targets(actor, spec)
            if code not in filled and code not in named
        ],
        duplicates=asked.options.duplicates.value,
        robots=asked.options.robots.value,
        keys=[
            (field.code, str(field.label), field.code in asked.options.keys)
            for field in offered_keys(actor, spec)
            if field.code in filled
        ],
        preview=None if errors else make_preview(run, actor),
        errors=[
            str(error.message) for error in errors if error.field not in named and error.field != "place"
        ],
        save_url=reverse("imports:setup", args=[run.id]),
        check_url=reverse("imports:check", args=[run.id]),
        start_url=reverse("imports:start", args=[run.id]),
    )


def make_constants(asked: Asked, spec: TypeSpec, filled: set[str], missing: Sequence[str]) -> list[Constant]:
    """The constants that were chosen, and one for every required field that no column fills."""
    codes = dict.fromkeys(code for code in (*missing, *asked.constants) if code not in filled)
    if len(spec.pipelines) > 1 and "pipeline" not in filled:
        codes |= {"pipeline": None}
    problems = {error.field: str(error.message) for error in asked.errors}
    return [
        Constant(
            code=code,
            label=label_of(code, spec),
            value=asked.constants.get(code, ""),
            choices=constant_choices(code, spec, asked),
            error=problems.get(code, ""),
            required=code in missing or code == "pipeline",
        )
        for code in codes
    ]


def constant_choices(code: str, spec: TypeSpec, asked: Asked) -> list[Choice]:
    """The values of a choice, of a pipeline, of its stages."""
    if code == "pipeline":
        return [(each.code, str(each.label)) for each in spec.pipelines]
    if code == "stage":
        wanted = asked.constants.get("pipeline", "")
        found = [each for each in spec.pipelines if wanted in ("", each.code)]
        return [(stage.code, str(stage.label)) for stage in found[0].stages] if len(found) == 1 else []
    field = spec.by_code.get(code)
    if field is not None and field.kind == "choice":
        return [(each.code, str(each.label)) for each in field.options if not each.retired]
    if field is not None and field.kind == "boolean":
        return [("true", _("yes")), ("false", _("no"))]
    return []
