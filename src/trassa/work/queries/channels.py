"""How people want to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from trassa.work.models import ChannelChoice
from trassa.work.notice_types import APP, EMAIL
from trassa.work.quiet_hours import Quiet
from trassa.work.registries import notice_kinds


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person wants to be told."""

    #: Kind → channels, where they have chosen.
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet: Quiet = field(default_factory=Quiet)
    #: "", "hourly" or "daily".
    digest: str = ""
    digest_at: time = time(9)
    #: Channels that do not reach the person any more: their mailbox refuses letters.
    off: frozenset[str] = frozenset()

    def of(self, kind: str) -> frozenset[str]:
        """The channels by which the person has chosen to be told of a kind."""
        known = notice_kinds.find(kind)
        if known is None:
            return frozenset()
        chosen = None if known.fixed else self.channels.get(kind)
        return known.channels if chosen is None else frozenset(chosen)

    def open_for(self, kind: str) -> frozenset[str]:
        """Those of them that reach the person; the screen when no other one does.

        What nobody chooses, such as a test, goes through closed ones as well: that is how they open again.
        """
        chosen, known = self.of(kind), notice_kinds.find(kind)
        if not chosen or known is None or known.fixed:
            return chosen
        return chosen - self.off or frozenset((APP,))


AS_USUAL = Wishes()


def wishes_of(person_ids: Iterable[int]) -> dict[int, Wishes]:
    """Person id → wishes, of those who have any; one query."""
    rows = ChannelChoice.objects.filter(person_id__in=set(person_ids)).select_related("person")
    return {row.person_id: _wishes(row) for row in rows}


def _wishes(row: ChannelChoice) -> Wishes:
    channels: Mapping[str, Any] = row.channels
    return Wishes(
        {kind: tuple(names) for kind, names in channels.items()},
        Quiet(row.quiet_from, row.quiet_until, row.rests),
        row.digest,
        row.digest_at,
        frozenset((EMAIL,)) if row.refused_email and row.refused_email == row.person.email else frozenset(),
    )


def get_wishes(person_id: int) -> Wishes:
    """The wishes of one person; the usual ones when they have none of their own."""
    return wishes_of([person_id]).get(person_id, AS_USUAL)


def closed_channels_of(person_id: int) -> list[str]:
    """What an administrator should know of how this person is told."""
    if EMAIL not in get_wishes(person_id).off:
        return []
    return [_("The mail server does not know this address, so letters are switched off: enter another one.")]
