"""Which column of a file fills what: fields and base columns by code or label, in either language."""

from collections.abc import Sequence
from dataclasses import dataclass

from trassa.access.queries import Actor
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: Base columns that a file may fill, with the names people give them.
BASE_NAMES = {
    "owner": ("owner", "responsible", "ответственный", "менеджер", "отв."),
    "pipeline": ("pipeline", "воронка"),
    "stage": ("stage", "стадия"),
}
#: What a file of rejected lines adds; read again without a word.
REASON_NAMES = frozenset({"why it was rejected", "почему отклонено"})


@dataclass(frozen=True, slots=True)
class Matching:
    """Columns of a file by what they fill; `unknown` are headings that fill nothing."""

    fields: dict[int, FieldSpec]
    base: dict[int, str]
    unknown: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.fields


def folded(text: str) -> str:
    """A name without case, double spaces and the difference of е and ё."""
    return " ".join(text.casefold().replace("ё", "е").replace("\u00a0", " ").split())


def match_columns(header: Sequence[str], spec: TypeSpec, actor: Actor) -> Matching:
    """Match headings with what this person may fill; of two columns for one thing the first counts.

    A heading is a label, a label without its unit («Пробег» for «Пробег, км»), the first words of exactly one
    label («Год» for «Год выпуска»), or a code.
    """
    names: dict[str, FieldSpec | str] = {}
    for base, spellings in BASE_NAMES.items():
        names |= dict.fromkeys(map(folded, spellings), base)
    # Later entries win: a field's label beats a base column's name, a code beats a label.
    fields = [field for field in actor.editable_fields(spec) if not field_kinds.get(field.kind).automatic]
    for field in reversed(fields):
        for label in (
            field.label.ru,
            field.label.en,
            _without_unit(field.label.ru),
            _without_unit(field.label.en),
        ):
            if label:
                names[folded(label)] = field
    names |= {field.code: field for field in fields}
    return _match(header, names)


def _without_unit(label: str) -> str:
    """«Пробег, км» is also called «Пробег»."""
    return label.partition(",")[0]


def _find_longer(heading: str, names: dict[str, FieldSpec | str]) -> FieldSpec | str | None:
    """The one thing whose name begins with these words: «Год» means «Год выпуска»."""
    longer = {
        name if isinstance(name, str) else name.code: name
        for spelling, name in names.items()
        if heading and spelling.startswith(f"{heading} ")
    }
    return next(iter(longer.values())) if len(longer) == 1 else None


def _match(header: Sequence[str], names: dict[str, FieldSpec | str]) -> Matching:
    matching = Matching({}, {}, ())
    taken: set[str] = set()
    unknown = []
    for index, heading in enumerate(header):
        found = names.get(folded(heading)) or _find_longer(folded(heading), names)
        key = found.code if isinstance(found, FieldSpec) else found
        if found is None or key in taken:
            if heading and folded(heading) not in REASON_NAMES:
                unknown.append(heading)
            continue
        taken.add(str(key))
        if isinstance(found, FieldSpec):
            matching.fields[index] = found
        else:
            matching.base[index] = found
    return Matching(matching.fields, matching.base, tuple(unknown))
