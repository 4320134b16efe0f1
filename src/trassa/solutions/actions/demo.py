"""Loads the demo company: its people, and a year of records written through the write path, in order."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, system_actor
from trassa.kernel import FieldError, Invalid, frozen, now, today
from trassa.people.actions import add_absence, assign_roles, change_department, create_person
from trassa.people.queries import find_department, find_person_by_login, find_role, list_people, roles_of
from trassa.people.types import AbsenceDraft
from trassa.records.actions.comments import add_comment
from trassa.records.actions.write import MAX_BATCH, write_records
from trassa.records.types import Change, FileChange, Write
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.solutions.actions.demo_contents import Contents
from trassa.solutions.actions.demo_tasks import give_demo_task
from trassa.solutions.demo_files import DemoRow, day_of, moment_of, read_demo_rows
from trassa.solutions.errors import PackConflict, PackInvalid
from trassa.solutions.format import PersonEntry
from trassa.solutions.models import InstalledPack
from trassa.solutions.reader import Pack, read_pack
from trassa.work.actions.calming import calm_down

_CLEAR = "-"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded: nothing when it had been loaded before. `password` opens every demo login."""

    people: int
    records: int
    changes: int
    seconds: float
    password: str
    logins: tuple[str, ...]


def load_demo(
    pack: str | Path, *, actor_id: int | None = None, progress: Callable[[int, int], None] | None = None
) -> DemoReport:
    """Load the demo data of an installed pack and of those it requires, once, in one transaction.

    History shows a year of work by the demo people, ending now. `progress` is told rows done and rows in
    all. Raises PackConflict when the pack is not applied, PackInvalid when a file is at fault.
    """
    started = time.monotonic()
    read = read_pack(pack)
    family = (*read.required, read)
    with transaction.atomic():
        fresh = _claim(family)
        people = sum(_create_people(each, actor_id) for each in fresh)
        for each in fresh:
            _seat_people(each, actor_id)
        with pin_generation():
            rows = [row for each in fresh for row in read_demo_rows(each.demo, each.code)]
            contents = Contents(read.code, [each.demo / "files" for each in family], rows)
            loading = _Loading(read.code, today(), now(), contents)
            loading.run(sorted(rows, key=lambda row: (row.day, row.time, row.later)), progress)
        if fresh:
            calm_down()
    password = next((each.people.password for each in family if each.people.password), "")
    logins = dict.fromkeys(person.login for each in family for person in each.people.people)
    changes = len(rows) - loading.created
    return DemoReport(people, loading.created, changes, time.monotonic() - started, password, tuple(logins))


def _claim(family: Sequence[Pack]) -> list[Pack]:
    """The packs whose demo data are still to be loaded, marked as loaded in this transaction."""
    codes = [pack.code for pack in family]
    rows = InstalledPack.objects.select_for_update().filter(code__in=codes).exclude(version="")
    installed = {row.code: row for row in rows}
    missing = [code for code in codes if code not in installed]
    if missing:
        message = _("Apply the pack first: %(codes)s.") % {"codes": ", ".join(missing)}
        raise PackConflict(message, code="pack_required")
    fresh = [pack for pack in family if installed[pack.code].demo_loaded_at is None]
    InstalledPack.objects.filter(code__in=[pack.code for pack in fresh]).update(demo_loaded_at=now())
    return fresh


def _create_people(pack: Pack, actor_id: int | None) -> int:
    """The pack's people; those who are here already get its roles in addition. Returns how many are new."""
    created = 0
    for entry in pack.people.people:
        roles = [_role(pack, code) for code in entry.roles]
        person = find_person_by_login(entry.login)
        if person is not None:
            held = {role.id: role for role in [*roles_of(person.id), *roles]}
            assign_roles(person, held.values(), actor_id=actor_id, cause=_cause(pack.code))
            continue
        _create_person(pack, entry, roles, actor_id)
        created += 1
    return created


def _role(pack: Pack, code: str) -> Any:
    role = find_role(code)
    if role is None:
        raise PackConflict(
            _("The demo people of “%(pack)s” need the role “%(role)s”; apply the pack again.")
            % {"pack": pack.code, "role": code}
        )
    return role


def _create_person(pack: Pack, entry: PersonEntry, roles: Iterable[Any], actor_id: int | None) -> None:
    create_person(
        login=entry.login,
        name=entry.name or entry.login,
        email=entry.email,
        phone=entry.phone,
        department=find_department(entry.department) if entry.department else None,
        roles=roles,
        is_administrator=entry.administrator,
        password=pack.people.password,
        actor_id=actor_id,
        cause=_cause(pack.code),
    )


def _seat_people(pack: Pack, actor_id: int | None) -> None:
    """Give departments their heads, and people their absences, once everybody is there."""
    cause = _cause(pack.code)
    known = {profile.person.login: profile.person for profile in list_people()}
    for entry in pack.people.people:
        person = known[entry.login]
        department = find_department(entry.heads) if entry.heads else None
        if department is not None:
            change_department(department, head=person, actor_id=actor_id, cause=cause)
        for absence in entry.absences:
            since, until = (today() + timedelta(days=days) for days in (absence.since, absence.until))
            substitute = known.get(absence.substitute or "")
            draft = AbsenceDraft(since, until, absence.kind, substitute.id if substitute else None)
            add_absence(person, draft, actor_id=actor_id, cause=cause)


def _cause(pack: str) -> dict[str, Any]:
    return {"kind": "demo", "pack": pack}


@dataclass(slots=True)
class _Loading:
    """One run over the rows of a year."""

    pack: str
    today: date
    end: datetime
    contents: Contents
    created: int = 0
    #: (type, key) → record id.
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def run(self, rows: Sequence[DemoRow], progress: Callable[[int, int], None] | None) -> None:
        """Write the rows moment by moment; what cannot refer to anything yet waits for the next wave."""
        people = {profile.person.login: profile.person for profile in list_people()}
        self._actors = {
            login: Actor(id=person.id, name=person.name, department_id=person.department_id, everything=True)
            for login, person in people.items()
        }
        done = 0
        for (day, clock), group in groupby(rows, key=lambda row: (row.day, row.time)):
            with frozen(min(moment_of(day, clock, self.today), self.end)):
                done += self._write_moment(list(group))
            if progress is not None:
                progress(done, len(rows))

    def _write_moment(self, rows: list[DemoRow]) -> int:
        """Rows of one moment: each wave is what refers to known records only, a batch per actor."""
        left = rows
        while left:
            waves: dict[str, list[DemoRow]] = defaultdict(list)
            taken: set[tuple[str, str]] = set()
            waiting = []
            for row in left:
                if self._is_ready(row) and (row.type, row.key) not in taken:
                    waves[row.actor].append(row)
                    taken.add((row.type, row.key))
                else:
                    waiting.append(row)
            if not waves:
                message = _("The line refers to a record that is not there at that moment.")
                raise PackInvalid(self.pack, [row.problem(message) for row in waiting])
            for batch in waves.values():
                writes = [row for row in batch if not (row.said or row.given)]
                for start in range(0, len(writes), MAX_BATCH):
                    self._write_batch(writes[start : start + MAX_BATCH])
                for row in batch:
                    if row.said:
                        self._say(row)
                    if row.given:
                        self._give(row)
            left = waiting
        return len(rows)

    def _is_ready(self, row: DemoRow) -> bool:
        """Whether the record itself (for a later step) and everything it links to exist."""
        if row.later and (row.type, row.key) not in self.ids:
            return False
        if row.said or row.given:
            return True
        generation = current_generation()
        spec = self._type_of(row)
        for code, cell in row.cells.items():
            target = generation.types_by_id.get(_field_of(spec, code, row, self.pack).target_type_id or 0)
            parts = cell.split(";") if target is not None and cell != _CLEAR else []
            keys = [part.partition("|")[0] for part in parts]
            if target is not None and any((target.code, key) not in self.ids for key in keys):
                return False
        return True

    def _type_of(self, row: DemoRow) -> TypeSpec:
        spec = current_generation().types.get(row.type)
        if spec is None:
            raise PackInvalid(self.pack, [row.problem(_("There is no type of this name."))])
        return spec

    def _say(self, row: DemoRow) -> None:
        """What somebody writes about a record."""
        actor = self._actors[row.actor]
        files = [file.id for file in self.contents.take_in(row, row.cells.get("files", ""), actor)]
        text = row.cells.get("text", "")
        id = self.ids[row.type, row.key]
        add_comment(actor, self._type_of(row), id, text, files=files, cause=_cause(self.pack))

    def _give(self, row: DemoRow) -> None:
        """What is to be done about a record."""
        try:
            give_demo_task(row, self.ids[row.type, row.key], self._actors, self.today, _cause(self.pack))
        except (Invalid, KeyError, ValueError) as fault:
            raise PackInvalid(self.pack, [row.problem(_reasons(fault))]) from None

    def _write_batch(self, rows: Sequence[DemoRow]) -> None:
        writes = [self._write_of(row) for row in rows]
        outcomes = write_records(
            writes,
            actor=self._actor_of(rows[0]),
            cause=_cause(self.pack),
            atomic=False,
            hooks="none",
        )
        problems = [
            row.problem(_reasons(outcome.error))
            for row, outcome in zip(rows, outcomes, strict=True)
            if outcome.error is not None
        ]
        if problems:
            raise PackInvalid(self.pack, problems)
        for row, outcome in zip(rows, outcomes, strict=True):
            if not row.later and outcome.id is not None:
                self.ids[row.type, row.key] = outcome.id
                self.created += 1

    def _actor_of(self, row: DemoRow) -> Actor:
        return self._actors.get(row.actor, system_actor())

    def _write_of(self, row: DemoRow) -> Write:
        spec = self._type_of(row)
        fields = {code: _field_of(spec, code, row, self.pack) for code in row.cells}
        change = Change.CREATE if not row.later else Change.MOVE if row.stage else Change.EDIT
        return Write(
            change=change,
            type=row.type,
            id=self.ids.get((row.type, row.key)) if row.later else None,
            fields={
                code: self._value(cell, fields[code], row)
                for code, cell in row.cells.items()
                if fields[code].kind != "files"
            },
            files={
                code: FileChange(self.contents.take_in(row, cell, self._actor_of(row), fields[code]))
                for code, cell in row.cells.items()
                if fields[code].kind == "files"
            },
            pipeline=row.pipeline or None,
            stage=row.stage or None,
            reason=row.reason or None,
            owner=self._actors[row.owner].id if row.owner in self._actors else None,
        )

    def _value(self, cell: str, spec: FieldSpec, row: DemoRow) -> Any:
        """A cell as the write path takes it."""
        if cell == _CLEAR:
            return None
        target = current_generation().types_by_id.get(spec.target_type_id or 0)
        if target is not None and spec.has_periods:
            return [self._period(part, target.code) for part in cell.split(";")]
        if target is not None:
            ids = [self.ids[target.code, key] for key in cell.split(";")]
            return ids if spec.has_links else ids[0]
        try:
            return self._plain_value(cell, spec.kind)
        except (ValueError, KeyError):
            message = _("“%(cell)s” is no value of the field “%(field)s”.")
            raise PackInvalid(
                self.pack, [row.problem(message % {"cell": cell, "field": spec.code})]
            ) from None

    def _period(self, part: str, type: str) -> dict[str, Any]:
        """A link with its first and last day: "key|-400|-30", both may be left out."""
        key, since, until = part.split("|")
        days = (day_of(int(day), self.today).isoformat() if day else None for day in (since, until))
        return {"id": self.ids[type, key], **dict(zip(("from", "to"), days, strict=True))}

    def _plain_value(self, cell: str, kind: str) -> Any:
        match kind:
            case "date":
                return day_of(int(cell), self.today).isoformat()
            case "datetime":
                day, clock = cell.split(" ")
                return moment_of(int(day), clock, self.today).isoformat()
            case "boolean":
                return {"yes": True, "no": False}[cell]
            case "person":
                return self._actors[cell].id
            case _:
                return cell


def _field_of(spec: TypeSpec, code: str, row: DemoRow, pack: str) -> FieldSpec:
    found = spec.by_code.get(code)
    if found is None:
        raise PackInvalid(pack, [row.problem(_("There is no field “%(code)s”.") % {"code": code})])
    return found


def _reasons(error: Exception) -> str:
    """An error of the write path in one line."""
    errors: Mapping[str, FieldError] | Sequence[FieldError] = getattr(error, "errors", ())
    parts = [f"{each.field}: {each.message}" for each in errors if isinstance(each, FieldError)]
    return "; ".join(parts) or str(error)
