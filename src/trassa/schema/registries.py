"""What upper rooms may add to the schema: kinds of fields.

A room adds its kinds in a module `field_kinds.py`, which is imported when all apps are ready.
"""

from trassa.schema.kinds import BUILT_IN
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.known import field_kinds
from trassa.schema.kinds.settings import Setting
from trassa.schema.kinds.text import Text

#: `FieldKind` is the contract of a kind; `Text` serves as the base of kinds that are text underneath.
__all__ = ["FieldKind", "Setting", "Text", "field_kinds"]

for _kind in BUILT_IN:
    field_kinds.register(_kind.code, _kind)
