"""What may be chosen for an import: columns that fill something, keys that tell duplicates, constants."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import BASE_NAMES, fillable_fields, key_fields_of
from trassa.imports.matching import offered_keys
from trassa.imports.queries.lookups import BASE_KEYS, FileLookups
from trassa.imports.rows import RowReader
from trassa.imports.sheets import Row
from trassa.imports.types import Column, Options
from trassa.kernel import FieldError, Invalid
from trassa.schema.types import Generation, TypeSpec


def fillable_targets(actor: Actor, spec: TypeSpec) -> list[str]:
    """Everything that a column may fill."""
    base = [name for name in BASE_NAMES if name == "owner" or spec.pipelines]
    return [*(field.code for field in fillable_fields(actor, spec)), *base]


def check_columns(
    columns: Sequence[Column], width: int, spec: TypeSpec, actor: Actor, generation: Generation
) -> None:
    """Raise Invalid unless each column fills something of its own, and links have a key of their type."""
    errors = []
    if len(columns) != width:
        message = _("The file has %s columns; say for each what it fills.") % width
        errors.append(FieldError("columns", "wrong_number", message))
    known = set(fillable_targets(actor, spec))
    taken: dict[str, str] = {}
    for column in columns:
        if not column.target:
            continue
        if column.target not in known:
            message = _("“%(heading)s” fills something that is not there: %(target)s.")
            message %= {"heading": column.heading, "target": column.target[:80]}
            errors.append(FieldError("columns", "unknown_target", message))
        elif column.target in taken:
            message = _("Two columns fill the same: “%(one)s” and “%(other)s”. Leave one of them out.")
            message %= {"one": taken[column.target], "other": column.heading}
            errors.append(FieldError("columns", "repeated", message))
        elif column.key and column.key not in keys_of_link(column, spec, actor, generation):
            message = _("Records for “%(heading)s” cannot be found by “%(key)s”.")
            message %= {"heading": column.heading, "key": column.key[:80]}
            errors.append(FieldError("columns", "unknown_key", message))
        taken[column.target] = column.heading
    raise_all(errors)


def keys_of_link(column: Column, spec: TypeSpec, actor: Actor, generation: Generation) -> list[str]:
    """What may identify the records that a column of links names."""
    field = spec.by_code.get(column.target)
    if field is None or field.target_type_id is None:
        return []
    target = generation.types_by_id[field.target_type_id]
    return [*(each.code for each in key_fields_of(actor, target)), *BASE_KEYS]


def check_options(options: Options, spec: TypeSpec, actor: Actor, generation: Generation) -> None:
    """Raise Invalid unless keys and constants are there for this person, and constants can be read."""
    errors = []
    offered = {field.code for field in offered_keys(actor, spec)}
    for code in options.keys:
        if code not in offered:
            message = _("Duplicates cannot be told by “%s”.") % code[:80]
            errors.append(FieldError("keys", "unknown_field", message))
    targets = set(fillable_targets(actor, spec))
    for target in options.constants:
        if target not in targets:
            message = _("There is nothing called “%s” to fill.") % target[:80]
            errors.append(FieldError("constants", "unknown_target", message))
    raise_all(errors)
    check_constants(options.constants, spec, actor, generation)


def check_constants(
    constants: Mapping[str, str], spec: TypeSpec, actor: Actor, generation: Generation
) -> None:
    """Read the constants as if a line held nothing else; raises Invalid with what is wrong in them."""
    if not constants:
        return
    reader = RowReader(spec, generation, (), constants=constants, actor=actor, lookups=FileLookups(actor))
    row = Row(0, ())
    reader.load_links([row])
    reader.read(row)


def raise_all(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(errors[0].message, errors=errors)
