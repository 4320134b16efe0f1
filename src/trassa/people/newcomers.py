"""People from a CSV file: reading it, and what each line would become."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from trassa.kernel import Invalid
from trassa.people.models import Department, Role
from trassa.people.queries import existing_logins, list_departments, list_roles

LINES_AT_MOST = 500

#: Headings of columns in both languages, in small letters.
_HEADINGS = {
    "login": ("login", "логин"),
    "name": ("name", "имя", "фио", "сотрудник"),
    "email": ("email", "e-mail", "почта", "эл. почта", "электронная почта"),
    "phone": ("phone", "телефон"),
    "department": ("department", "отдел", "подразделение"),
    "roles": ("roles", "role", "роли", "роль"),
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One line: its number in the file, what it says, and what it names.

    Without `errors` it can be created.
    """

    line: int
    login: str
    name: str
    email: str = ""
    phone: str = ""
    department_text: str = ""
    roles_text: str = ""
    department: Department | None = None
    roles: Sequence[Role] = ()
    errors: Sequence[str] = field(default_factory=tuple)


def decode_csv(content: bytes) -> str:
    """The text of a file in UTF-8, or in the code page of Russian Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def read_newcomers(text: str) -> list[Newcomer]:
    """What each line would become; raises Invalid when the file as a whole cannot be used."""
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    try:
        table = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as fault:
        raise Invalid(_("This file cannot be read as CSV: %(why)s") % {"why": fault}) from fault
    if not table:
        raise Invalid(_("The file is empty."))
    columns = _find_columns(table[0][1])
    if missing := {"login", "name"} - columns.keys():
        words = {"login": _("login"), "name": _("name")}
        names = ", ".join(words[each] for each in sorted(missing))
        raise Invalid(
            _("The first line must name the columns; there is none for: %(names)s.") % {"names": names}
        )
    if len(table) - 1 > LINES_AT_MOST:
        raise Invalid(_("At most %(count)s people at once; split the file.") % {"count": LINES_AT_MOST})
    return _Reader(columns, [cells for _line, cells in table[1:]]).read(table[1:])


def _find_columns(headings: Sequence[str]) -> dict[str, int]:
    known = {words: name for name, wordings in _HEADINGS.items() for words in wordings}
    return {known[words]: at for at, cell in enumerate(headings) if (words := cell.strip().lower()) in known}


class _Reader:
    """Knows departments, roles and logins that are there, and those that came before in the file."""

    def __init__(self, columns: Mapping[str, int], rows: Sequence[Sequence[str]]) -> None:
        self._columns = columns
        self._departments = _by_path(list_departments())
        self._roles = {words.lower(): role for role in list_roles() for words in _names_of(role)}
        logins = [self._cell(row, "login").lower() for row in rows]
        self._taken = set(existing_logins(logins))

    def read(self, table: Sequence[tuple[int, Sequence[str]]]) -> list[Newcomer]:
        return [self._read_line(line, row) for line, row in table]

    def _read_line(self, line: int, row: Sequence[str]) -> Newcomer:
        login, name = self._cell(row, "login").lower(), self._cell(row, "name")
        department_text, roles_text = self._cell(row, "department"), self._cell(row, "roles")
        errors: list[str] = []
        if not login:
            errors.append(_("No login."))
        elif login in self._taken:
            errors.append(_("Somebody has this login already."))
        self._taken.add(login)
        if not name:
            errors.append(_("No name."))
        department = self._departments.get(_path_key(department_text))
        if department_text and department is None:
            errors.append(_("There is no department “%(path)s”.") % {"path": department_text})
        wanted = [words.strip() for words in roles_text.replace(",", ";").split(";") if words.strip()]
        errors += [
            _("There is no role “%s”.") % words for words in wanted if words.lower() not in self._roles
        ]
        return Newcomer(
            line=line,
            login=login,
            name=name,
            email=self._cell(row, "email"),
            phone=self._cell(row, "phone"),
            department_text=department_text,
            roles_text=roles_text,
            department=department,
            roles=[self._roles[words.lower()] for words in wanted if words.lower() in self._roles],
            errors=errors,
        )

    def _cell(self, row: Sequence[str], name: str) -> str:
        at = self._columns.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""


def _names_of(role: Role) -> list[str]:
    return [role.code, *(str(words) for words in role.label.values() if words)]


def _path_key(text: str) -> str:
    return "/".join(part.strip().lower() for part in text.replace("\\", "/").replace(">", "/").split("/"))


def _by_path(rows: Sequence[Department]) -> dict[str, Department]:
    """Departments by code, by full path of names, and by the name alone where it is the only one."""
    by_id = {row.id: row for row in rows}
    found: dict[str, Department] = {}
    names = [row.name.strip().lower() for row in rows]
    for row in rows:
        parts: list[str] = []
        step: Department | None = row
        while step is not None:
            parts.insert(0, step.name)
            step = by_id.get(step.parent_id) if step.parent_id else None
        found[_path_key("/".join(parts))] = row
        found.setdefault(row.code, row)
        if names.count(row.name.strip().lower()) == 1:
            found.setdefault(_path_key(row.name), row)
    return found
