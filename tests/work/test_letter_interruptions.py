"""Letters are sent by workers that are killed: each arrives, under one id, and once more a kill at most."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests import killed
from tests.factories.people import make_person
from tests.work.letters import told
from tests.work.mail_server import running_mail_server

from trassa.access.queries import actor_of
from trassa.work.actions.deliveries import plan_deliveries
from trassa.work.models import Delivery

COUNT, KILLS = 60, 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_letter_arrives_and_is_repeated_once_a_kill_at_most(settings: Any) -> None:
    person = make_person(email="anna@dealer.example")
    with running_mail_server() as (box, port):
        settings.TRASSA_MAIL_SERVER = f"smtp+plain://127.0.0.1:{port}"
        plan_deliveries(told(actor_of(person), *(str(number) for number in range(COUNT))))
        said = killed.run(Path(__file__).with_name("killed_letters.py"), KILLS, port)
    assert said.split() == ["killed"] * KILLS + ["finished"]
    arrived = Counter(letter["Message-ID"] for letter in box.letters)
    assert len(arrived) == COUNT
    assert COUNT <= arrived.total() <= COUNT + KILLS
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
