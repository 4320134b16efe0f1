"""`trassa demo`: the demo company, set up once and served."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import typer
from django.utils.translation import gettext as _

from trassa.config import options
from trassa.config.command.databases import migrate, running_database
from trassa.config.command.forks import in_child
from trassa.config.command.up import address, run_everything
from trassa.config.parts import preload
from trassa.solutions.actions import apply_with_required, load_demo
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import Pack, find_installed, read_pack
from trassa.solutions.registries import demo_files

app = typer.Typer(add_completion=False)

#: The pack whose demo company is shown; it brings those it requires.
PACK = "consignment"


@app.command()
def demo() -> None:
    """Set up the demo company, if it is not there yet, and serve it until Ctrl-C."""
    with running_database() as server:
        with in_child(prepare_demo):
            preload()
        run_everything(server)


def prepare_demo() -> None:
    """Tables, packs and a year of demo data; what is there already is left alone."""
    migrate()
    pack = read_pack(PACK)
    installed = find_installed(PACK)
    if not installed or installed.version != pack.about.version:
        typer.echo(_("Setting up types, pipelines and roles…"))
        set_up(pack)
    if not installed or not installed.demo_loaded_at:
        typer.echo(_("Writing a year of demo data…"))
        report = load_demo(PACK, progress=_show if sys.stdout.isatty() else None)
        words = _("%(people)s people, %(records)s records, %(changes)s changes in %(seconds).0f s")
        typer.echo(words % asdict(report))
    typer.echo(guide(pack, write_files(options.DATA.read())))


def set_up(pack: Pack) -> None:
    """Apply the pack and those it requires; says how to begin anew when an older company is in the way."""
    try:
        apply_with_required(pack, actor_id=None)
    except PackConflict as conflict:
        message = _("%(problem)s\nTo begin with a new demo company, remove the folder %(folder)s.")
        values = {"problem": conflict, "folder": options.DATA.read()}
        raise PackConflict(message % values, code=conflict.code) from None


def write_files(folder: Path) -> Mapping[Path, str]:
    """Files to try things with, as far as they are not there yet, and what to do with them."""
    paths = {folder / each.name: each for each in demo_files}
    for path, each in paths.items():
        if not path.exists():
            each.write(path)
    return {path: str(each.advice) for path, each in paths.items()}


def guide(pack: Pack, files: Mapping[Path, str]) -> str:
    """Address, logins and what to try."""
    family = (*pack.required, pack)
    people = {person.login: person.name for each in family for person in each.people.people if person.name}
    password = next(each.people.password for each in family if each.people.password)
    lines = [
        "",
        "  " + _("Trassa is at %(address)s") % {"address": address()},
        "",
        "  " + _("The password of everybody is %(password)s; the logins:") % {"password": password},
        *(f"    {login:<14}{name}" for login, name in people.items()),
        "",
        "  " + _("What to try:"),
    ]
    tries = [
        _("Sign in as seller1 and drag a deal to the next stage: the board says what is missing."),
        _("Sign in as head in another browser: the change is there within a second."),
        _("Press / and type a surname, a piece of a VIN or a telephone number."),
        _("Sign in as director and compare: a seller sees their own deals, a director everything."),
        _("trassa token create seller1, then the API: %(address)s/api/v1/openapi.json")
        % {"address": address()},
    ]
    tries += [f"{path}: {advice}" for path, advice in files.items()]
    lines += [f"    • {words}" for words in tries]
    return "\n".join([*lines, "", "  " + _("Ctrl-C ends it."), ""])


def _show(done: int, total: int) -> None:
    typer.echo(f"\r  {100 * done // max(total, 1)} % \r", nl=False)
