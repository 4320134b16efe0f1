"""Screens say what is wrong with the condition of a list, and show nothing instead of everything."""

import time
from urllib.parse import urlencode

import pytest
from tests.factories.expressions import HARMLESS, REFUSED
from tests.factories.records import CAUSE, create
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.records.queries import time_limits
from trassa.schema.actions import changing_schema
from trassa.schema.types import Label

PATIENCE = 5


@pytest.mark.parametrize("text", REFUSED.values(), ids=list(REFUSED))
def test_a_list_shows_nothing_and_why(text: str, seller: Screens, team: Team) -> None:
    create("deal", actor=team.actor("seller"), fields={"amount": "7031549"})
    started = time.perf_counter()
    answer = seller.page(f"/t/deal/?{urlencode({'where': text})}")
    assert time.perf_counter() - started < PATIENCE
    shown = text_of(answer)
    assert answer.status_code == 200
    assert "7 031 549" not in shown
    assert 'aria-invalid="true"' in shown


@pytest.mark.parametrize("text", [*REFUSED.values(), *HARMLESS.values()], ids=[*REFUSED, *HARMLESS])
def test_completion_and_trying_answer_soon(text: str, seller: Screens, team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "5"})
    started = time.perf_counter()
    offered = seller.post("/t/deal/completions", {"text": text, "caret": str(len(text))})
    tried = seller.post("/expressions/result", {"type": "deal", "text": text, "record": str(deal)})
    assert time.perf_counter() - started < PATIENCE
    assert (offered.status_code, tried.status_code) == (200, 200)


def test_a_condition_that_takes_too_long_says_so(
    seller: Screens, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "comment", "long_text", label=Label("Комментарий"))
    create("deal", actor=team.actor("seller"), fields={"comment": "а" * 100_000})
    monkeypatch.setattr(time_limits, "WHERE_SECONDS", 0.02)
    where = f"LEN(CONCAT({'; '.join(['comment'] * 400)})) > 1"
    for path in ("/t/deal/", "/p/sales/"):
        answer = seller.page(f"{path}?{urlencode({'where': where})}")
        assert answer.status_code == 422
        assert "слишком долго" in text_of(answer)
