"""Files of demo records: those that lie in the packs, and pictures drawn from what the records say."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.actions.files import store_upload
from trassa.records.types import Attached
from trassa.schema.types import FieldSpec
from trassa.solutions.demo_files import DemoRow
from trassa.solutions.errors import PackInvalid
from trassa.solutions.registries import demo_drawings

_DRAWN = "drawn:"


class Contents:
    """Where the contents of a demo company's files come from; equal ones are made once."""

    def __init__(self, pack: str, folders: Sequence[Path], rows: Sequence[DemoRow]) -> None:
        self._pack = pack
        self._folders = folders
        #: (type, key) → the cells with which the record was created.
        self._cells: Mapping[tuple[str, str], Mapping[str, str]] = {
            (row.type, row.key): row.cells for row in rows if not row.later
        }
        self._made: dict[str, bytes] = {}

    def take_in(
        self, row: DemoRow, cell: str, actor: Actor, field: FieldSpec | None = None
    ) -> list[Attached]:
        """Upload the files of a cell: "name|source|kind; …", in this order. `field` knows the kinds.

        Raises PackInvalid when there is no such source or kind.
        """
        files = []
        for part in filter(None, cell.split(";")):
            name, source, kind = (*part.split("|"), "", "")[:3]
            option = next((each for each in field.options if each.code == kind), None) if field else None
            if kind and option is None:
                raise self._refusal(row, _("There is no kind “%(code)s”.") % {"code": kind})
            stored = store_upload(io.BytesIO(self._content(row, source)), name, actor=actor)
            files.append(Attached(stored.id, kind=option.id if option else None))
        return files

    def _content(self, row: DemoRow, source: str) -> bytes:
        if source not in self._made:
            content = self._drawing(source) if source.startswith(_DRAWN) else self._find(source)
            if content is None:
                raise self._refusal(row, _("There is no file “%(source)s”.") % {"source": source})
            self._made[source] = content
        return self._made[source]

    def _find(self, source: str) -> bytes | None:
        paths = (folder / source for folder in self._folders)
        return next((path.read_bytes() for path in paths if path.is_file()), None)

    def _drawing(self, source: str) -> bytes | None:
        """A picture "drawn:type/key/side"."""
        type, key, side = (*source.removeprefix(_DRAWN).split("/"), "", "")[:3]
        draw, cells = demo_drawings.find(type), self._cells.get((type, key))
        return draw(cells, side) if draw is not None and cells is not None else None

    def _refusal(self, row: DemoRow, message: str) -> PackInvalid:
        return PackInvalid(self._pack, [row.problem(message)])
