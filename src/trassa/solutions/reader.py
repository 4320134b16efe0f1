"""Reads a pack's folder into the models of the format, with every fault named by file and line.

First each file alone, then the references between files: a pipeline's type, a stage's fields, a
grant's target. What a required pack brings counts as known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from trassa.kernel import NotFound
from trassa.solutions.cases import CaseEntry
from trassa.solutions.documents import Document, read_document, read_entry
from trassa.solutions.errors import PackInvalid, Problem
from trassa.solutions.expressions import ExpressionReader, sketch
from trassa.solutions.extensions import laid_over
from trassa.solutions.format import (
    SECTIONS,
    Configuration,
    Entry,
    PackEntry,
    PeopleEntry,
    RetiredEntry,
)
from trassa.solutions.references import check_references
from trassa.solutions.registries import packs
from trassa.solutions.retiring import without_retired
from trassa.solutions.rules import canonical_rules
from trassa.solutions.tasks import canonical_tasks

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as read: who it is, what it configures, and where its demo data lie."""

    folder: Path
    about: PackEntry
    configuration: Configuration
    people: PeopleEntry
    #: Things of required packs that this one extends, as those packs say them.
    extended: Configuration
    #: What `trassa pack test` tries on it.
    cases: tuple[CaseEntry, ...]
    #: Required packs, in the order in which they must be applied.
    required: tuple["Pack", ...] = ()

    @property
    def code(self) -> str:
        return self.about.code

    @property
    def demo(self) -> Path:
        return self.folder / "demo"


@dataclass(slots=True)
class _Reading:
    """What has been gathered from one folder so far."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)

    def read(self, path: Path, model: type[E]) -> E | None:
        document = self.open(path)
        if document is None:
            return None
        entry, problems = read_entry(document, model)
        self.problems += problems
        return entry

    def open(self, path: Path) -> Document | None:
        name = path.relative_to(self.folder).as_posix()
        document, problems = read_document(path, name)
        self.problems += problems
        if document.content is None:
            return None
        self.documents[name] = document
        return document

    def read_folder(self, name: str, model: type[E]) -> list[E]:
        """Every file of a folder; the file is named after the code in it."""
        entries = []
        for path in sorted((self.folder / name).glob("*.yaml")):
            entry = self.read(path, model)
            if entry is None:
                continue
            code = getattr(entry, "code", path.stem)
            if code != path.stem:
                message = _("The code “%(code)s” and the file's name differ; rename one of them.")
                file = path.relative_to(self.folder).as_posix()
                self.problems.append(self.documents[file].problem(("code",), message % {"code": code}))
            entries.append(entry)
        return entries

    def read_list(self, name: str, model: type[E]) -> list[E]:
        """A file that is a list of entries; absent means none."""
        path = self.folder / name
        document = self.open(path) if path.exists() else None
        if document is None:
            return []
        if not isinstance(document.content, list):
            self.problems.append(
                document.problem((), _("The file must be a list of “- key: value” entries."))
            )
            return []
        entries = []
        for index in range(len(document.content)):
            entry, problems = read_entry(document, model, (index,))
            self.problems += problems
            if entry is not None:
                entries.append(entry)
        return entries

    def read_extensions(self, required: Sequence[Configuration]) -> tuple[Configuration, Configuration]:
        """Things of required packs as the files in `extends` change them, and as those packs say them."""
        bases: dict[str, list[Entry]] = {section: [] for section in SECTIONS}
        wholes: dict[str, list[Entry]] = {section: [] for section in SECTIONS}
        for section, document in self._open_extensions():
            code = document.content.get("code") if isinstance(document.content, Mapping) else None
            known = {each.code: each for part in required for each in part.things(section)}
            if code not in known:
                message = _("No required pack has “%(code)s”; known: %(known)s.")
                listed = ", ".join(known) or "—"
                self.problems.append(document.problem(("code",), message % {"code": code, "known": listed}))
                continue
            whole = laid_over(known[code], document)
            entry, problems = read_entry(whole, SECTIONS[section].entry)
            self.problems += problems
            if entry is not None:
                self.documents[f"{section}/{code}.yaml"] = whole
                bases[section].append(known[code])
                wholes[section].append(entry)
        return Configuration.model_validate(wholes), Configuration.model_validate(bases)

    def _open_extensions(self) -> Iterator[tuple[str, Document]]:
        """Every extension with the section that it belongs to."""
        for name, section in SECTIONS.items():
            if section.in_one_file:
                yield from ((name, document) for document in self._open_parts(f"extends/{name}.yaml"))
                continue
            for path in sorted((self.folder / "extends" / name).glob("*.yaml")):
                document = self.open(path)
                if document is not None:
                    yield name, document

    def _open_parts(self, name: str) -> Iterator[Document]:
        """Each entry of a file that is a list, as a document of its own; none when it is absent."""
        path = self.folder / name
        document = self.open(path) if path.exists() else None
        if document is None:
            return
        for index, content in enumerate(document.content):
            lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == (index,)}
            yield Document(document.name, content, lines)


def list_packs() -> list[Pack]:
    """All registered packs, read."""
    return [read_pack(code) for code, source in packs.items()]


def read_pack(pack: str | Path) -> Pack:
    """The pack of this code or in this folder; raises PackInvalid with all its faults."""
    return _read(_find_folder(pack), seen=())


def _find_folder(pack: str | Path) -> Path:
    source = packs.find(pack) if isinstance(pack, str) else None
    folder = source.folder if source else Path(pack)
    if not (folder / "pack.yaml").is_file():
        known = ", ".join(code for code, _source in packs.items())
        message = _("There is no pack “%(pack)s”. Give the folder of a pack or one of: %(known)s.")
        raise NotFound(message % {"pack": pack, "known": known})
    return folder


def _read(folder: Path, seen: Sequence[str]) -> Pack:
    reading = _Reading(folder)
    about = reading.read(folder / "pack.yaml", PackEntry)
    if about is None:
        raise PackInvalid(folder.name, reading.problems)
    required = _read_required(reading, about, (*seen, about.code))
    configuration = Configuration.of(
        {
            name: reading.read_list(section.place(name), section.entry)
            if section.in_one_file
            else reading.read_folder(name, section.entry)
            for name, section in SECTIONS.items()
        },
        retired=tuple(reading.read_list("retired.yaml", RetiredEntry)),
    )
    known = [pack.configuration for pack in required]
    extending, extended = reading.read_extensions(known)
    configuration = configuration.joined(without_retired(extending, configuration.retired, known))
    people_file = folder / "demo" / "people.yaml"
    people = reading.read(people_file, PeopleEntry) if people_file.exists() else PeopleEntry()
    cases = reading.read_list("tests.yaml", CaseEntry)
    if not reading.problems:
        reading.problems += check_references(configuration, known, reading.documents)
    if not reading.problems:
        reader = ExpressionReader(sketch([*known, configuration]))
        configuration = reader.canonical(configuration, reading.documents)
        reading.problems += reader.problems
        for canonical in (canonical_tasks, canonical_rules):
            configuration, problems = canonical(configuration, reader.generation, reading.documents)
            reading.problems += problems
    if reading.problems or people is None:
        raise PackInvalid(about.code, reading.problems)
    return Pack(folder, about, configuration, people, extended, tuple(cases), tuple(required))


def _read_required(reading: _Reading, about: PackEntry, seen: Sequence[str]) -> list[Pack]:
    """Required packs and theirs, each once, lowest first."""
    found: dict[str, Pack] = {}
    for index, code in enumerate(about.requires):
        problem = reading.documents["pack.yaml"].problem
        if code in seen:
            message = _("“%(pack)s” requires itself through “%(code)s”; break the circle.")
            reading.problems.append(
                problem(("requires", index), message % {"pack": about.code, "code": code})
            )
        elif code not in packs:
            message = _("The required pack “%(code)s” is not installed in this distribution.")
            reading.problems.append(problem(("requires", index), message % {"code": code}))
        else:
            pack = _read(packs.get(code).folder, seen)
            found |= {each.code: each for each in (*pack.required, pack)}
    return list(found.values())
