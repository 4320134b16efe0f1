"""What upper rooms may add to the schema: kinds of fields, and what depends on it.

A room adds its kinds in a module `field_kinds.py`, which is imported when all apps are ready.
"""

from collections.abc import Callable, Sequence

from trassa.kernel import Registry
from trassa.schema.kinds import BUILT_IN
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.known import field_kinds
from trassa.schema.kinds.settings import Setting
from trassa.schema.kinds.text import Text
from trassa.schema.types import Generation

#: `FieldKind` is the contract of a kind; `Text` serves as the base of kinds that are text underneath.
__all__ = ["Dependant", "FieldKind", "Setting", "Text", "dependants", "field_kinds"]

#: What would not work any more in a generation to be, in words, each with its place: “rule «Loss»: price”.
Dependant = Callable[[Generation], Sequence[str]]

dependants: Registry[Dependant] = Registry(
    "schema.dependants",
    description="What other rooms keep that names fields, stages and the like: says what would break in a "
    "generation to be, and so keeps what is used from being taken away.",
)

for _kind in BUILT_IN:
    field_kinds.register(_kind.code, _kind)
