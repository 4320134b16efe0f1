"""Reactions to comments: a small fixed set, one of each kind by person.

Who sees a record reacts to what is said there, and takes only their own back.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import NewEntry, Stream, append, publish
from trassa.kernel import FieldError, Invalid, now
from trassa.records.actions.comments import lock_comment
from trassa.records.actions.touching import touch_records
from trassa.records.events import COMMENT_REACTED
from trassa.records.models import Comment, Reaction
from trassa.records.queries.comments import REACTED, comment_reactions_key
from trassa.schema.types import TypeSpec


def react_to_comment(
    actor: Actor,
    spec: TypeSpec,
    record_id: int,
    id: int,
    kind: str,
    *,
    wanted: bool,
    cause: Mapping[str, Any],
) -> Comment:
    """Say something without words, or take it back; once more is no change.

    Nobody reacts as the system. Raises NotFound for a comment that is not there, Invalid for
    a reaction that there is not.
    """
    if kind not in Reaction.Kind.values:
        message = _("There is no such reaction.")
        raise Invalid(message, errors=[FieldError("reaction", "unknown_reaction", message)])
    with transaction.atomic():
        comment = lock_comment(actor, spec, record_id, id)
        if actor.id is None:
            return comment
        own = Reaction.objects.filter(comment=comment, person_id=actor.id, kind=kind)
        if wanted is own.exists():
            return comment
        if wanted:
            Reaction.objects.create(comment=comment, person_id=actor.id, kind=kind, at=now())
        else:
            own.delete()
        pair = (None, kind) if wanted else (kind, None)
        entry = NewEntry(Stream("record", record_id), REACTED, {comment_reactions_key(id): pair})
        append([entry], actor_id=actor.id, cause={**cause, "comment": id})
        touch_records([record_id])
        if wanted and comment.author_id not in (None, actor.id):
            tell_author(spec, comment, actor.id, kind)
    return comment


def tell_author(spec: TypeSpec, comment: Comment, person_id: int, kind: str) -> None:
    """Say in the outbox who reacted to whose comment."""
    payload = {
        "type": spec.id,
        "record": comment.record_id,
        "comment": comment.id,
        "author": comment.author_id,
        "person": person_id,
        "reaction": kind,
    }
    publish(COMMENT_REACTED, payload)
