"""Tickets for the event stream."""

import subprocess
import sys

import pytest
from django.core import signing

from trassa.journal import open_ticket, read_ticket, sign_ticket
from trassa.journal.tickets import LIFETIME
from trassa.kernel import Forbidden


def test_a_ticket_gives_back_its_topics() -> None:
    assert read_ticket(sign_ticket(["t5", "t5.d3", "t5"])) == {"t5", "t5.d3"}


def test_a_ticket_may_stand_in_an_address() -> None:
    ticket = sign_ticket(f"t{number}.o7" for number in range(200))
    assert not set(ticket) & set("&=?#+/% ")
    assert len(ticket) < 2_000


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "."])
def test_a_forged_ticket_is_refused(text: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        read_ticket(text)
    assert refusal.value.code == "ticket_invalid"


def test_a_ticket_with_other_topics_is_refused() -> None:
    _topics, signature = sign_ticket(["t5.o7"]).split(":", 1)
    topics, _signature = sign_ticket(["t5"]).split(":", 1)
    with pytest.raises(Forbidden):
        read_ticket(f"{topics}:{signature}")


def test_a_ticket_signed_for_something_else_is_refused() -> None:
    with pytest.raises(Forbidden):
        read_ticket(signing.dumps([1, ["t5"]], salt="something else"))


def test_a_ticket_ends_after_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = sign_ticket(["t5"])
    expires_at = open_ticket(ticket).expires_at
    monkeypatch.setattr("time.time", lambda: expires_at + 1)
    with pytest.raises(Forbidden) as refusal:
        read_ticket(ticket)
    assert refusal.value.code == "ticket_expired"
    assert LIFETIME.total_seconds() == 300


@pytest.mark.slow
def test_a_process_with_settings_alone_reads_tickets() -> None:
    code = (
        "from trassa.config import events; from trassa.journal import read_ticket, sign_ticket;"
        "from django.apps import apps;"
        "assert read_ticket(sign_ticket(['t5'])) == {'t5'};"
        "assert not apps.ready"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
