"""Telling people things that go by letter, and what became of it."""

from datetime import timedelta
from typing import Any

from trassa.access.queries import Actor
from trassa.kernel import frozen, now
from trassa.work.actions.notices import tell
from trassa.work.models import Delivery
from trassa.work.notice_types import NewNotice

DATA = {"text": "Позвоните клиенту\r\nBcc: x@example.ru", "text_en": "Call the client"}


def told(actor: Actor, *keys: str, **given: Any) -> list[int]:
    assert actor.id is not None
    return tell([NewNotice(actor.id, "rule", key, **{"data": DATA, **given}) for key in keys or ("test",)])


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def later(**span: int) -> Any:
    return frozen(now() + timedelta(**span))
