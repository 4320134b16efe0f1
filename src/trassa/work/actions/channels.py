"""People choose how they are told. History of the person keeps what they chose."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import FieldError, Forbidden, Invalid
from trassa.work.actions.deliveries import ONLY
from trassa.work.actions.notices import tell
from trassa.work.models import ChannelChoice
from trassa.work.notice_kinds import TEST
from trassa.work.notice_types import LOUDLY, NewNotice
from trassa.work.queries.channels import Wishes, get_wishes
from trassa.work.registries import channels, notice_kinds


@transaction.atomic
def choose_channels(wishes: Wishes, *, actor: Actor) -> None:
    """Keep how the actor wants to be told. Raises Invalid for kinds and channels that are not there."""
    if actor.id is None:
        raise Forbidden(_("Sign in first."))
    _check(wishes)
    before, after = _told(get_wishes(actor.id)), _told(wishes)
    ChannelChoice.objects.update_or_create(
        person_id=actor.id,
        defaults={
            "channels": {kind: sorted(names) for kind, names in wishes.channels.items()},
            "quiet_from": wishes.quiet.since,
            "quiet_until": wishes.quiet.until,
            "rests": wishes.quiet.rests,
            "digest": wishes.digest,
            "digest_at": wishes.digest_at,
        },
    )
    changes = {key: (before[key], after[key]) for key in after if before[key] != after[key]}
    if changes:
        entry = NewEntry(Stream("person", actor.id), "channels_chosen", changes)
        append([entry], actor_id=actor.id, cause={})


def _check(wishes: Wishes) -> None:
    known = LOUDLY | {name for name, _channel in channels.items()}
    for kind, names in wishes.channels.items():
        if kind not in notice_kinds or not known.issuperset(names):
            raise _refuse("channels", _("There is no such kind of notification or channel."))
    if (wishes.quiet.since is None) != (wishes.quiet.until is None):
        raise _refuse("quiet_until", _("Give both times of the quiet hours, or none."))
    if wishes.digest not in ChannelChoice.Digest.values:
        raise _refuse("digest", _("Choose how letters are gathered."))


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "invalid", message)])


def _told(wishes: Wishes) -> dict[str, str | bool | list[str]]:
    """As history keeps it."""
    quiet = wishes.quiet
    hours = f"{quiet.since:%H:%M}–{quiet.until:%H:%M}" if quiet.since and quiet.until else ""
    digest = f"{wishes.digest} {wishes.digest_at:%H:%M}" if wishes.digest == "daily" else wishes.digest
    chosen = [f"{kind}: {', '.join(sorted(names))}" for kind, names in sorted(wishes.channels.items())]
    return {"channels": chosen, "quiet_hours": hours, "rests": quiet.rests, "digest": digest}


def send_test(actor: Actor, channel: str) -> int:
    """Tell the actor something on the screen and by a channel, at once whatever they chose; gives the notice.

    Raises Invalid where there is no such channel.
    """
    if actor.id is None:
        raise Forbidden(_("Sign in first."))
    if channel not in channels:
        raise _refuse("channel", _("There is no such kind of notification or channel."))
    [told] = tell([NewNotice(actor.id, TEST, f"test:{uuid4()}", data={ONLY: channel})])
    return told
