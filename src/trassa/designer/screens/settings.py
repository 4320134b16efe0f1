"""The other pages of the designer: stages, list and board, title and number, rights."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.designer.edits.rights import CUSTOM, PRESETS, finer_grants, is_plain, preset_of
from trassa.designer.formulas import Formulas
from trassa.designer.screens.cards import base_label
from trassa.designer.screens.deadlines import Deadline, make_deadline
from trassa.designer.screens.heads import ICONS, said
from trassa.designer.types import Design, DraftState
from trassa.schema.registries import field_kinds
from trassa.solutions.queries import grant_in_words
from trassa.solutions.types import (
    ConditionEntry,
    GrantEntry,
    PipelineEntry,
    ReasonEntry,
    StageEntry,
    TypeEntry,
)

Choices = Sequence[tuple[str, str]]

MEANINGS = (
    ("open", gettext_lazy("Under way")),
    ("won", gettext_lazy("Good end")),
    ("lost", gettext_lazy("Bad end")),
)
LISTED = ("number", "title", "stage", "owner", "department", "created_at", "updated_at", "stage_entered_at")
_PRESET_NAMES: dict[str, str | Promise] = {
    "full": gettext_lazy("Everything"),
    "own": gettext_lazy("Own records"),
    "read": gettext_lazy("Read only"),
    "none": gettext_lazy("No rights"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    entry: StageEntry
    label: str
    fields: Choices
    others: Choices
    deadline: Deadline
    #: Conditions of entering, each with its expression as people read it.
    conditions: Sequence[tuple[ConditionEntry, str]]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Pipeline:
    entry: PipelineEntry
    label: str
    stages: Sequence[Stage]
    reasons: Sequence[ReasonEntry]
    meanings: Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    label: str
    listed: bool
    on_board: bool


@dataclass(frozen=True, slots=True)
class Lists:
    columns: Sequence[Column]
    with_board: bool
    summable: Choices
    sum: str


@dataclass(frozen=True, slots=True)
class Naming:
    entry: TypeEntry
    #: Fields that a title can be made of, in braces: "{x_client}, {x_day}".
    codes: str
    icons: Sequence[str]


@dataclass(frozen=True, slots=True)
class RoleRights:
    code: str
    label: str
    preset: str
    is_custom: bool
    #: What a preset would replace, when the rights are none of them.
    present: str
    #: Rights on stages and fields, which stay.
    finer: Sequence[str]
    #: Says that the role may do things with records of every type.
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class RightsPage:
    presets: Sequence[tuple[str, str | Promise]]
    roles: Sequence[RoleRights]


def make_stages(draft: DraftState) -> list[Pipeline]:
    design, formulas = draft.design, Formulas(draft)
    fields = [(f.code, said(f.label)) for f in design.type.fields if not f.shows]
    return [
        Pipeline(
            entry=entry,
            label=said(entry.label),
            stages=[
                Stage(
                    entry=stage,
                    label=said(stage.label),
                    fields=fields,
                    others=[(s.code, said(s.label)) for s in entry.stages if s.code != stage.code],
                    deadline=make_deadline(design, stage.deadline),
                    conditions=[(each, formulas.shown(each.condition)) for each in stage.enter_when],
                    is_first=number == 0,
                    is_last=number == len(entry.stages) - 1,
                )
                for number, stage in enumerate(entry.stages)
            ],
            reasons=entry.reasons,
            meanings=MEANINGS,
        )
        for entry in design.pipelines
    ]


def make_lists(design: Design) -> Lists:
    """Columns in their order, then what could be added."""
    layout = design.type.layout
    names = {code: base_label(code) for code in LISTED if design.pipelines or "stage" not in code}
    names |= {field.code: said(field.label) for field in design.type.fields}
    order = [*(code for code in layout.list if code in names), *(c for c in names if c not in layout.list)]
    columns = [Column(c, names[c], c in layout.list, c in layout.board.subtitle) for c in order]
    summable = [(f.code, said(f.label)) for f in design.type.fields if field_kinds.get(f.kind).summable]
    return Lists(columns, bool(design.pipelines), summable, layout.board.sum)


def make_naming(design: Design) -> Naming:
    codes = ", ".join(f"{{{field.code}}}" for field in design.type.fields if not field.shows)
    entry = design.type
    return Naming(entry, codes or "—", tuple(dict.fromkeys((entry.icon, *ICONS))))


def make_rights(design: Design) -> RightsPage:
    code = design.type.code
    roles = []
    for role in design.roles:
        preset = preset_of(role, code)
        everywhere = any(grant.type == "*" for grant in role.grants)
        note = _("Also has rights on all types.") if everywhere else ""
        url = reverse("access:role", args=[role.code])
        plain = [grant for grant in role.grants if is_plain(grant, code)]
        roles.append(
            RoleRights(
                code=role.code,
                label=said(role.label),
                preset=preset,
                is_custom=preset == CUSTOM,
                present="; ".join(placed_grant_in_words(grant, design) for grant in plain),
                finer=[placed_grant_in_words(grant, design) for grant in finer_grants(role, design)],
                note=note,
                url=url,
            )
        )
    return RightsPage([(name, _PRESET_NAMES[name]) for name in PRESETS], roles)


def placed_grant_in_words(grant: GrantEntry, design: Design) -> str:
    """ "Price: see, change (own records)"."""
    place = ""
    if grant.field:
        place = said(design.fields[grant.field].label) if grant.field in design.fields else grant.field
    elif grant.pipeline:
        found = next((each for each in design.pipelines if each.code == grant.pipeline), None)
        place = said(found.label) if found else grant.pipeline
        stages = {stage.code: said(stage.label) for stage in found.stages} if found else {}
        place += f" → {stages.get(grant.stage, grant.stage)}" if grant.stage else ""
    told = grant_in_words(grant)
    return f"{place}: {told}" if place else told
