"""The matrix of a role: lines of places, cells with what is chosen and what comes from above."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from trassa.access.consequences import Consequence
from trassa.access.matrix import (
    EXTENTS,
    VERBS,
    Place,
    all_places,
    extent_of,
    fingerprint_of,
    place_of,
    places_of,
    scopes_at,
    verbs_at,
)
from trassa.access.types import GrantSpec, Verb
from trassa.schema.types import Generation, TypeSpec

EXTENT_NAMES: dict[str, str | Promise] = {
    "": "—",
    "own": pgettext_lazy("extent", "own"),
    "department": pgettext_lazy("extent", "department"),
    "own+department": pgettext_lazy("extent", "own + department"),
    "branch": pgettext_lazy("extent", "branch"),
    "own+branch": pgettext_lazy("extent", "own + branch"),
    "all": pgettext_lazy("extent", "all"),
}
COLUMN_NAMES = {
    Verb.SEE: pgettext_lazy("column", "See"),
    Verb.CREATE: pgettext_lazy("column", "Create"),
    Verb.EDIT: pgettext_lazy("column", "Edit"),
    Verb.MOVE: pgettext_lazy("column", "Move"),
    Verb.DELETE: pgettext_lazy("column", "Bin"),
    Verb.EXPORT: pgettext_lazy("column", "Export"),
}
_NAMED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One verb at one place; `name` is "" where the verb has no meaning."""

    verb: str
    name: str = ""
    label: str = ""
    value: str = ""
    options: Sequence[tuple[str, str]] = ()
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One place. `toggles` is the type that a button folds and unfolds, 0 where nothing is inside."""

    key: str
    label: str
    hint: str
    depth: int
    cells: Sequence[Cell]
    toggles: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    lines: Sequence[Line]
    open_types: Sequence[int]
    #: Fingerprint of the grants in the database that the choice is made from.
    seen: str
    changes: int


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes, in words."""

    place: str
    verb: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What somebody gains or loses by the whole change, in words."""

    what: str
    gains: str
    losses: str


def make_matrix(
    present: Collection[GrantSpec],
    chosen: Collection[GrantSpec],
    generation: Generation,
    open_types: Collection[int],
) -> Matrix:
    """The matrix with `chosen` in its cells; `present` is what the role has now."""
    maker = _LineMaker(present, chosen)
    lines = [maker.line(Place(), _("Every type"))]
    for spec in generation.in_menus:
        inside = list(places_of(spec))
        is_open = spec.id in open_types
        lines.append(maker.line(Place(spec.id), str(spec.plural), spec, inside=inside, is_open=is_open))
        if is_open:
            lines += [maker.inner_line(place, spec) for place in inside]
    return Matrix(
        lines,
        sorted(open_types),
        fingerprint_of(present),
        len(list_changes(present, chosen, generation)),
    )


def types_with_detail(grants: Iterable[GrantSpec]) -> set[int]:
    """Types inside which something is granted: their lines are unfolded at first."""
    return {
        grant.type_id
        for grant in grants
        if grant.type_id is not None and place_of(grant) != Place(grant.type_id)
    }


def list_changes(
    present: Collection[GrantSpec], chosen: Collection[GrantSpec], generation: Generation
) -> list[Change]:
    """The cells that differ, in words."""
    found = []
    for place in all_places(generation):
        for verb in verbs_at(place):
            before, after = (extent_of(scopes_at(side, place, verb)) for side in (present, chosen))
            if before != after:
                words = [_extent_words(place, extent) for extent in (before, after)]
                found.append(Change(place_name(place, generation), str(COLUMN_NAMES[verb]), *words))
    return found


def make_effects(consequences: Iterable[Consequence]) -> list[Effect]:
    """Who gains and loses what; types for which the same holds for the same people share a line."""
    groups: dict[tuple[Verb, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in consequences:
        label = f"{each.type_spec.plural}: {each.field.label}" if each.field else str(each.type_spec.plural)
        groups.setdefault((each.verb, each.gaining, each.losing), []).append(label)
    return [
        Effect(
            f"{COLUMN_NAMES[verb]}: {', '.join(labels)}",
            _people_words(gaining) if gaining else "",
            _people_words(losing) if losing else "",
        )
        for (verb, gaining, losing), labels in groups.items()
    ]


def place_name(place: Place, generation: Generation) -> str:
    """“Deals / Sales / New”."""
    if place.type_id is None:
        return _("Every type")
    spec = generation.types_by_id[place.type_id]
    return " / ".join([str(spec.plural), *_inner_names(place, spec)])


def _inner_names(place: Place, spec: TypeSpec) -> list[str]:
    if place.field_id is not None:
        return [str(spec.by_id[place.field_id].label)]
    pipeline = spec.find_pipeline(place.pipeline_id)
    if pipeline is None:
        return []
    stages = [str(stage.label) for stage in pipeline.stages if stage.id == place.stage_id]
    return [str(pipeline.label), *stages]


def _extent_words(place: Place, extent: str) -> str:
    if place.field_id is not None:
        return _("yes") if extent else _("no")
    return str(EXTENT_NAMES[extent]) if extent else _("nothing")


def _people_words(names: Sequence[str]) -> str:
    """“Anna, Boris and 3 more” with the number of all of them."""
    shown, more = list(names[:_NAMED_AT_MOST]), len(names) - _NAMED_AT_MOST
    text = ", ".join(shown)
    if more > 0:
        text = _("%(names)s and %(count)s more") % {"names": text, "count": more}
    count = ngettext("%(count)s person", "%(count)s people", len(names)) % {"count": len(names)}
    return f"{count}: {text}"


class _LineMaker:
    """Makes lines from two sets of grants."""

    def __init__(self, present: Collection[GrantSpec], chosen: Collection[GrantSpec]) -> None:
        self._present = present
        self._chosen = chosen

    def line(
        self,
        place: Place,
        label: str,
        spec: TypeSpec | None = None,
        *,
        hint: str = "",
        depth: int = 0,
        inside: Sequence[Place] = (),
        is_open: bool = False,
    ) -> Line:
        cells = [self._cell(place, verb, label, spec) for verb in VERBS]
        toggles = spec.id if spec is not None and inside else 0
        return Line(place.key, label, hint, depth, cells, toggles, is_open)

    def inner_line(self, place: Place, spec: TypeSpec) -> Line:
        """A pipeline, a stage or a field of a type."""
        label = _inner_names(place, spec)[-1]
        if place.field_id is not None:
            return self.line(place, label, spec, hint=_("restricted field"), depth=1)
        if place.stage_id is not None:
            return self.line(place, label, spec, hint=_("stage"), depth=2)
        return self.line(place, label, spec, hint=_("pipeline"), depth=1)

    def _cell(self, place: Place, verb: Verb, label: str, spec: TypeSpec | None) -> Cell:
        own = extent_of(scopes_at(self._chosen, place, verb))
        is_idle = verb is Verb.MOVE and spec is not None and not spec.pipelines and not own
        if verb not in verbs_at(place) or is_idle:
            return Cell(str(COLUMN_NAMES[verb]))
        above = extent_of(scope for each in place.above for scope in scopes_at(self._chosen, each, verb))
        return Cell(
            str(COLUMN_NAMES[verb]),
            f"{place.key}.{verb}",
            f"{label}: {COLUMN_NAMES[verb]}",
            own,
            self._options(place, above),
            own != extent_of(scopes_at(self._present, place, verb)),
        )

    def _options(self, place: Place, above: str) -> list[tuple[str, str]]:
        if place.field_id is not None:
            return [("", "—"), ("all", _("yes"))]
        blank = f"↑ {EXTENT_NAMES[above]}" if above else "—"
        return [("", blank), *((name, str(EXTENT_NAMES[name])) for name in EXTENTS if name)]
