"""Applies plans and exports the installed configuration."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.kernel import Conflict, now
from trassa.people.queries import require_administrator
from trassa.solutions.errors import PackConflict
from trassa.solutions.executor import execute
from trassa.solutions.exporter import write_pack
from trassa.solutions.format import Configuration, PackEntry, Words
from trassa.solutions.models import InstalledPack
from trassa.solutions.queries import (
    Decisions,
    Pack,
    Plan,
    find_installed,
    installed_configuration,
    plan,
    read_pack,
)


@transaction.atomic
def apply(plan: Plan, *, actor_id: int | None) -> None:
    """Carry out a plan in one transaction, as at most one new generation, and remember what the pack said.

    Raises PackConflict while something is undecided or a required pack is missing, Conflict when the
    configuration changed since the plan was made. An empty plan changes nothing.
    """
    require_administrator(actor_id)
    missing = [code for code in plan.about.requires if find_installed(code) is None]
    if missing:
        message = _("Apply the required packs first: %(codes)s.") % {"codes": ", ".join(missing)}
        raise PackConflict(message, code="pack_required")
    if plan.conflicts:
        raise PackConflict("\n".join(plan.conflicts))
    if plan.obstacles:
        raise PackConflict("\n".join(plan.obstacles), code="pack_obstacles")
    if _installed_part(plan) != plan.installed:
        raise Conflict(_("The configuration changed meanwhile. Make a new plan."), code="plan_outdated")
    execute(plan, actor_id=actor_id, cause={"kind": "pack", "pack": plan.pack, "version": plan.version})
    _remember(plan, actor_id)


def apply_with_required(
    pack: str | Path | Pack, *, actor_id: int | None, decisions: Decisions | None = None
) -> list[Plan]:
    """Apply the packs that this one requires, lowest first, then the pack; returns the plans carried out."""
    read = pack if isinstance(pack, Pack) else read_pack(pack)
    plans = []
    for each in (*read.required, read):
        made = plan(each, decisions=decisions)
        apply(made, actor_id=actor_id)
        plans.append(made)
    return plans


def _installed_part(plan: Plan) -> Configuration:
    """What is installed now of the things that the plan speaks of."""
    installed, wanted, target = installed_configuration(), plan.installed.codes(), plan.target.codes()
    return installed.part({section: codes | target[section] for section, codes in wanted.items()})


def _remember(plan: Plan, actor_id: int | None) -> None:
    """Note version and content of the pack, unless they are noted already."""
    content = plan.wanted.model_dump(mode="json")
    known = find_installed(plan.pack)
    if known is not None and (known.version, known.content) == (plan.version, content):
        return
    InstalledPack.objects.update_or_create(
        code=plan.pack,
        defaults={
            "version": plan.version,
            "label": plan.about.label.model_dump(),
            "content": content,
            "applied_at": now(),
            "applied_by_id": actor_id,
        },
    )


def export(folder: Path, *, code: str = "export", pack: str | None = None) -> list[Path]:
    """Write the installed configuration as a pack of this code into a folder; returns the files.

    With `pack` only what this installed pack brought is written, as it is now, under the pack's own code.
    """
    installed = installed_configuration()
    about = PackEntry(code=code, version="1.0.0", label=Words(ru=_("Exported configuration")))
    if pack is not None:
        read = read_pack(pack)
        about = read.about
        installed = installed.part(read.configuration.codes())
    return write_pack(folder, about, installed)
