"""Calls against a real server that is slow, drops, refuses, is busy and redirects; and never inside."""

import ipaddress
import socket
import time
from datetime import datetime
from typing import Any

import pytest
from tests.automation.faulty_server import FaultySystem, Manners, faulty_system
from tests.automation.test_rules import CREATED, rule
from tests.factories.records import create

from trassa.automation import outgoing
from trassa.automation.actions import calls, fire_due
from trassa.automation.models import Call, Timer
from trassa.kernel import Forbidden, now

pytestmark = pytest.mark.usefixtures("garage")


@pytest.fixture(autouse=True)
def _own_network(settings: Any) -> None:
    settings.TRASSA_CALLS_INSIDE = [ipaddress.ip_network("127.0.0.0/8")]


def made_call(system: FaultySystem, path: str = "/") -> Call:
    rule(CREATED, {"call": {"url": f"{system.url}{path}"}})
    create("deal")
    return Call.objects.latest("id")


def try_until_done(id: int, attempts: int) -> Call:
    """Make a call as often as its timers would; gives what became of it."""
    for _attempt in range(attempts):
        calls.make_call(id)
        Timer.objects.filter(purpose=calls.PURPOSE).update(wake_at=now())
        fire_due()
    return Call.objects.get(id=id)


@pytest.mark.parametrize("fault", [500, 502, 404, 429, 301, "drop", "cut"])
def test_whatever_goes_wrong_the_call_is_made_again_under_its_id(fault: int | str) -> None:
    with faulty_system(lambda path, count: fault if count < 3 else 200) as system:
        call = try_until_done(made_call(system).id, 5)
    assert (call.state, call.attempts) == ("delivered", 3)
    assert system.ids == {str(call.key)}
    assert len({body for _path, _id, body in system.got}) == 1
    assert [bool(entry["error"]) for entry in call.log] == [True, True, False]


def test_a_redirect_is_not_followed(settings: Any) -> None:
    with faulty_system(lambda path, count: 307 if path == "/out" else 200) as system:
        system.head["Location"] = f"{system.url}/inside"
        call = try_until_done(made_call(system, "/out").id, 2)
    assert {path for path, _id, _body in system.got} == {"/out"}
    assert (call.state, call.log[-1]["error"]) == ("due", "HTTP 307")


def test_a_busy_system_is_left_alone_as_long_as_it_asks() -> None:
    with faulty_system(lambda path, count: 429) as system:
        system.head["Retry-After"] = "1800"
        call = made_call(system)
        calls.make_call(call.id)
    [timer] = Timer.objects.filter(purpose=calls.PURPOSE)
    assert timer.due_at is not None
    assert 1_780 < (timer.due_at - now()).total_seconds() <= 1_800


def test_who_speaks_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "DEADLINE", 0.6)
    with faulty_system(lambda path, count: "drip") as system:
        call = made_call(system)
        began = time.monotonic()
        calls.make_call(call.id)
        assert time.monotonic() - began < 5
    call.refresh_from_db()
    assert (call.state, call.attempts) == ("due", 1)


def test_nobody_there_is_tried_again_with_growing_pauses() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    rule(CREATED, {"call": {"url": f"http://127.0.0.1:{port}/"}})
    create("deal")
    call = Call.objects.get()
    pauses = []
    for _attempt in range(4):
        calls.make_call(call.id)
        [timer] = Timer.objects.filter(purpose=calls.PURPOSE)
        assert timer.due_at is not None
        pauses.append(round((timer.due_at - now()).total_seconds(), -1))
    assert pauses == [10, 20, 40, 80]
    assert isinstance(timer.due_at, datetime)


def test_a_call_that_is_given_up_is_sent_again_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_ATTEMPTS", 2)
    with faulty_system(lambda path, count: 500 if count < 3 else 200) as system:
        call = try_until_done(made_call(system).id, 3)
        assert (call.state, len(system.got)) == ("failed", 2)
        calls.repeat_call(call.id, actor_id=None)
        call = try_until_done(call.id, 1)
    assert (call.state, system.ids) == ("delivered", {str(call.key)})


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::10.0.0.1]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0/",
    ],
)
def test_no_spelling_of_an_inner_address_is_called(settings: Any, address: str) -> None:
    settings.TRASSA_CALLS_INSIDE = []
    rule(CREATED, {"call": {"url": address}})
    create("deal")
    call = Call.objects.get()
    calls.make_call(call.id)
    call.refresh_from_db()
    assert call.state == "failed", call.log


def test_a_name_with_one_inner_address_among_outer_ones_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRASSA_CALLS_INSIDE = []

    def answers(name: str, port: int, **given: Any) -> list[Any]:
        found = ("93.184.216.34", "10.0.0.7", "93.184.216.35")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", answers)
    with pytest.raises(Forbidden):
        outgoing.send("http://mixed.example/", b"{}", {})


def test_when_the_first_address_is_dead_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet: Manners = lambda path, count: 200  # noqa: E731
    with faulty_system(quiet) as system:
        port = int(system.url.rpartition(":")[2])

        usual = socket.getaddrinfo

        def answers(name: str, _port: int, *more: Any, **given: Any) -> list[Any]:
            if name != "twofold.example":
                return usual(name, _port, *more, **given)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
                for each in ("127.0.0.9", "127.0.0.1")
            ]

        monkeypatch.setattr(outgoing.socket, "getaddrinfo", answers)
        assert outgoing.send(f"http://twofold.example:{port}/", b"{}", {}).status == 200
