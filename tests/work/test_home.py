"""The home page tells what is late and what is due today."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.tasks import give
from tests.factories.team import Team

from trassa.kernel import frozen, now

pytestmark = pytest.mark.django_db


def test_what_is_late_comes_before_what_is_due_today_and_later_is_left_out(team: Team) -> None:
    client = Client()
    client.force_login(team.seller)
    noon = now().replace(hour=9, minute=0)
    with frozen(noon):
        for title, hours in (("Завтра", 48), ("Сегодня", 2), ("Вчера", -24)):
            give(title, by=team.actor("seller"), due_at=noon + timedelta(hours=hours))
        page = client.get("/home/tasks", headers={"HX-Request": "true"}).content.decode()
    assert page.index("Вчера") < page.index("Сегодня")
    assert "Завтра" not in page
    assert "/home/tasks" in client.get("/home/").content.decode()
