"""Where packs make themselves known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trassa.kernel import Registry
from trassa.schema.types import Label


@dataclass(frozen=True, slots=True)
class PackSource:
    """The folder in which a pack's files lie."""

    folder: Path


#: Packs of the installed distribution, by code. Each pack registers its own folder.
packs: Registry[PackSource] = Registry(
    "solutions.packs", description="A solution pack that can be planned and applied by its code."
)


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file to try things with on the demo company."""

    name: str
    #: What to do with it.
    advice: Label
    #: Writes it to a path; always the same.
    write: Callable[[Path], None]


#: Draws a picture of a record of a type from the cells of its line, seen from a side: the bytes of a file.
Drawing = Callable[[Mapping[str, str], str], bytes]

demo_drawings: Registry[Drawing] = Registry(
    "solutions.demo_drawings", description="Draws pictures of the demo records of the type with this code."
)

demo_files: Registry[DemoFile] = Registry(
    "solutions.demo_files", description="A file that lies in the data folder of the demo company."
)
