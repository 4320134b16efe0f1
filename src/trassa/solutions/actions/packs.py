"""Applies plans, rolls versions back, and exports the installed configuration."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from trassa.kernel import Conflict, now
from trassa.people.queries import require_administrator
from trassa.people.types import Cause
from trassa.solutions.errors import PackConflict
from trassa.solutions.executor import execute
from trassa.solutions.exporter import write_local, write_pack
from trassa.solutions.format import Configuration, PackEntry, Words
from trassa.solutions.models import AppliedVersion, InstalledPack
from trassa.solutions.queries import (
    Decisions,
    Pack,
    Plan,
    Rollback,
    find_installed,
    installed_configuration,
    list_installed,
    plan,
    read_pack,
)
from trassa.solutions.registries import packs
from trassa.solutions.retiring import added_here
from trassa.solutions.versions import changed_parts

#: The code of the pack that own changes are exported as, unless another is given.
LOCAL = "local"
#: What codes that a company adds begin with, so that no version of a pack ever brings the same one.
LOCAL_PREFIX = "x_"


@dataclass(frozen=True, slots=True)
class LocalExport:
    """What was written, and addresses of added things whose codes a pack may bring one day."""

    files: tuple[Path, ...]
    unprefixed: tuple[str, ...]


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
    before = _refuse_unready(plan)
    execute(plan, actor_id=actor_id, cause={"kind": "pack", "pack": plan.pack, "version": plan.version})
    _remember(plan, before, actor_id)


def _refuse_unready(plan: Plan) -> Configuration:
    """Raise PackConflict or Conflict for a plan that cannot be carried out; gives what is installed now."""
    if plan.conflicts:
        raise PackConflict("\n".join(plan.conflicts))
    if plan.obstacles:
        raise PackConflict("\n".join(plan.obstacles), code="pack_obstacles")
    installed = _installed_part(plan)
    if installed != plan.installed:
        raise Conflict(_("The configuration changed meanwhile. Make a new plan."), code="plan_outdated")
    return installed


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


def _remember(plan: Plan, found: Configuration, actor_id: int | None) -> None:
    """Note version and content of the pack and what the apply changed, unless nothing has changed."""
    content = plan.wanted.model_dump(mode="json")
    known = find_installed(plan.pack)
    if known is not None and (known.version, known.content) == (plan.version, content) and not plan.steps:
        return
    row, _created = InstalledPack.objects.update_or_create(
        code=plan.pack,
        defaults={
            "version": plan.version,
            "label": plan.about.label.model_dump(),
            "content": content,
            "requires": list(plan.about.requires),
            "applied_at": now(),
            "applied_by_id": actor_id,
        },
    )
    before, after = changed_parts(found, _installed_part(plan))
    last = AppliedVersion.objects.filter(pack=row).aggregate(Max("number"))["number__max"] or 0
    AppliedVersion.objects.create(
        pack=row,
        number=last + 1,
        version=plan.version,
        content=content,
        before=before.model_dump(mode="json"),
        after=after.model_dump(mode="json"),
        step_count=len(plan.steps),
        applied_at=row.applied_at,
        applied_by_id=actor_id,
    )


@transaction.atomic
def roll_back(rollback: Rollback, *, actor_id: int | None) -> None:
    """Return to an earlier version in one transaction; nothing is destroyed.

    Raises PackConflict while something is undecided or in the way, Conflict when the configuration changed
    since the plan was made or somebody else has rolled back meanwhile.
    """
    require_administrator(actor_id)
    plan = rollback.plan
    row = InstalledPack.objects.select_for_update().get(code=plan.pack)
    undone = AppliedVersion.objects.filter(pack=row, rolled_back_at=None)
    newest = [each.id for each in undone.order_by("-number")[: len(rollback.undone)]]
    if newest != [each.id for each in rollback.undone]:
        raise Conflict(_("The configuration changed meanwhile. Make a new plan."), code="plan_outdated")
    _refuse_unready(plan)
    version = rollback.target.version if rollback.target else ""
    cause: Cause = {"kind": "pack", "pack": plan.pack, "version": version, "rollback": True}
    execute(plan, actor_id=actor_id, cause=cause)
    undone.filter(id__in=newest).update(rolled_back_at=now(), rolled_back_by_id=actor_id)
    row.version = version
    row.content = rollback.target.content if rollback.target else Configuration().model_dump(mode="json")
    row.save(update_fields=["version", "content"])


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


def export_local(folder: Path, *, code: str = LOCAL) -> LocalExport:
    """Write what was changed here against the packs of the distribution as a pack that extends them."""
    registered = {name for name, _source in packs.items()}
    base = Configuration()
    required = []
    for row in list_installed():
        if row.code in registered:
            content = Configuration.model_validate(row.content)
            base = base.replaced(content, content)
            required.append(row.code)
    here = installed_configuration()
    label = Words(ru=_("Own changes"))
    about = PackEntry(code=code, version="1.0.0", label=label, requires=tuple(required))
    written = write_local(folder, about, base, here)
    added = (each for each in added_here(base, here) if not each.codes[-1].startswith(LOCAL_PREFIX))
    return LocalExport(tuple(written), tuple(".".join(each.codes) for each in added))
