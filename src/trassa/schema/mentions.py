"""What an expression mentions: the parts of the record that it looks at, and fields of any type on its paths.

From this follow what a form watches, whose masks matter, what may not be retired, and circles.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from trassa.expressions import Node, Path, paths_in
from trassa.schema.types import FieldSpec, Generation, TypeSpec


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one expression about records of a type names."""

    #: Keys of the record itself where its paths begin: "f_34", "stage_id", "b_57".
    keys: frozenset[str]
    #: Ids of all fields on its paths, those of other types too.
    field_ids: frozenset[int]
    #: Whether something it names is not there any more.
    is_broken: bool


def mentions_of(node: Node, generation: Generation, type_id: int) -> Mentions:
    """Follow every path of an expression through the types of a generation."""
    paths = list(paths_in(node))
    steps = [list(follow(path, generation, type_id)) for path in paths]
    fields = (field.id for path in steps for field in path if field is not None)
    return Mentions(
        keys=frozenset(path[0] for path in paths),
        field_ids=frozenset(fields),
        is_broken=any(len(found) < len(path) for found, path in zip(steps, paths, strict=True)),
    )


def follow(path: Path, generation: Generation, type_id: int) -> Iterator[FieldSpec | None]:
    """The field behind each key of a path, None for base columns; ends before the first that is gone."""
    spec: TypeSpec | None = generation.types_by_id.get(type_id)
    for key in path:
        if spec is None:
            return
        if not is_of_field(key):
            yield None
            spec = None
            continue
        source = spec if key.startswith("f_") else find_source(generation, spec, int(key[2:]))
        field = source.by_id.get(int(key[2:])) if source else None
        if field is None or source is None:
            return
        yield field
        target = field.target_type_id if source is spec and key.startswith("f_") else source.id
        spec = generation.types_by_id.get(target or 0)


def is_of_field(key: str) -> bool:
    """Whether a key stands for a field ("f_34") or for the records whose field points here ("b_34")."""
    return key[:2] in ("f_", "b_") and key[2:].isdigit()


def find_source(generation: Generation, spec: TypeSpec, field_id: int) -> TypeSpec | None:
    """The type whose field of this id points at records of `spec`."""
    for source in generation:
        field = source.by_id.get(field_id)
        if field is not None and field.target_type_id == spec.id:
            return source
    return None
