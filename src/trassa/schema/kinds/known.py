"""The registry of kinds, below the kinds themselves: a lookup asks the kind of the field that it shows."""

from trassa.kernel import Registry
from trassa.schema.kinds.kind import FieldKind

field_kinds: Registry[FieldKind] = Registry(
    "field kinds", description="How values of a field are stored, parsed, shown, filtered and searched."
)
