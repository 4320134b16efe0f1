"""Every example of docs/integrator/api.md is run, in order, and answers as the page says."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.factories.people import make_person

from trassa.people.actions import issue_token
from trassa.solutions.actions import apply_with_required

GUIDE = Path(__file__).parents[2] / "docs" / "integrator" / "api.md"
_EXAMPLE = re.compile(r"```sh\n(.*?)```\n```http\nHTTP/1\.1 (\d+) [^\n]*\n(.*?)```", re.DOTALL)
_CODE = re.compile(r'"status": (?:\d+), "code": "(\w+)"|^\{…, "code": "(\w+)"', re.MULTILINE)
_RUN = 'curl() { command curl -sS -o "$BODY" -w "%{http_code}" "$@"; }\n'


@pytest.fixture
def environment(live_server: LiveServer, tmp_path: Path) -> dict[str, str]:
    """The variables of the guide, on a server with the packs that it speaks of."""
    apply_with_required("consignment", actor_id=None)
    anna = make_person("anna", name="Белова Анна", is_administrator=True)
    token = issue_token(anna, "guide", ("read", "write"), actor_id=None)
    return {
        **os.environ,
        "TRASSA": f"{live_server.url}/api/v1",
        "TOKEN": token,
        "BODY": str(tmp_path / "body"),
    }


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl, which is not here")
def test_the_examples_of_the_guide_answer_as_they_say(environment: dict[str, str]) -> None:
    examples = _EXAMPLE.findall(GUIDE.read_text())
    assert len(examples) == GUIDE.read_text().count("```sh\n")
    for command, status, answer in examples:
        ran = subprocess.run(
            ["bash", "-euc", _RUN + command], env=environment, capture_output=True, text=True, check=True
        )
        body = Path(environment["BODY"]).read_text() if status != "204" else "{}"
        assert ran.stdout == status, f"{command}{body}"
        said = _CODE.search(answer)
        if said and status >= "400":
            assert json.loads(body)["code"] in said.groups(), command
        if status == "201":
            made = json.loads(body)
            environment[name_of(made)] = str(made["id"])


def name_of(made: dict[str, Any]) -> str:
    """The variable that keeps the id of what was made: that of a record is named like its type."""
    if "columns" in made:
        return "IMPORT"
    return "FILTER" if "query" in made else str(made["type"]).upper()
