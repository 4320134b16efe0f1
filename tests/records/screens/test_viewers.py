"""Who else looks at a card."""

from datetime import timedelta

from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.kernel import now
from trassa.records.actions.viewers import forget_old_viewers
from trassa.records.models import Viewer


def test_a_card_names_everybody_else_who_looks_at_it(
    seller: Screens, head: Screens, deal: int, team: Team
) -> None:
    assert "avatar" not in text_of(seller.post(f"/r/deal/{deal}/viewers"))
    assert f"{team.seller.name} смотрит эту карточку" in text_of(head.post(f"/r/deal/{deal}/viewers"))
    assert f"{team.head.name} смотрит эту карточку" in text_of(seller.post(f"/r/deal/{deal}/viewers"))


def test_who_closes_the_card_or_falls_silent_is_no_longer_named(
    seller: Screens, head: Screens, deal: int
) -> None:
    head.post(f"/r/deal/{deal}/viewers")
    head.post(f"/r/deal/{deal}/viewers", {"left": "1"})
    assert "avatar" not in text_of(seller.post(f"/r/deal/{deal}/viewers"))
    head.post(f"/r/deal/{deal}/viewers")
    Viewer.objects.update(seen_at=now() - timedelta(minutes=1))
    assert "avatar" not in text_of(seller.post(f"/r/deal/{deal}/viewers"))


def test_old_signs_are_dropped(seller: Screens, deal: int) -> None:
    seller.post(f"/r/deal/{deal}/viewers")
    forget_old_viewers(timedelta())
    assert not Viewer.objects.exists()
