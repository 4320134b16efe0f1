"""Templates of tasks in packs: planned, applied, exported, retired; those of `consignment`."""

from pathlib import Path

import pytest
import yaml
from tests.factories.people import make_person

from trassa.access.queries import system_actor
from trassa.people.actions import assign_roles
from trassa.people.queries import get_role
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.types import Label
from trassa.solutions.actions import apply, apply_with_required, export, export_local
from trassa.solutions.errors import PackInvalid
from trassa.solutions.queries import plan
from trassa.work.actions.templates import save_template, switch_template
from trassa.work.models import Task, TaskTemplate
from trassa.work.types import TemplateDraft, TemplateSettings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _consignment() -> None:
    apply_with_required("consignment", actor_id=None)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The pack as it is installed, to be changed."""
    export(tmp_path, pack="consignment")
    return tmp_path


def test_templates_are_exported_as_they_were_applied(files: Path) -> None:
    assert plan("consignment").is_empty
    assert plan(files).is_empty
    found = yaml.safe_load((files / "tasks" / "document_check.yaml").read_text())
    assert (found["who"], found["role"], found["whole_checklist"]) == ("one_of_role", "lawyer", True)


def test_what_was_changed_here_stays_and_what_the_pack_changes_comes_in(files: Path) -> None:
    switch_template("thinking", is_active=False, actor_id=None)
    file = files / "tasks" / "thinking.yaml"
    file.write_text(file.read_text().replace("due: 3 days", "due: 2 days"))
    made = plan(files)
    assert not made.conflicts
    assert len(made.steps) == 1
    apply(made, actor_id=None)
    row = TaskTemplate.objects.get(code="thinking")
    assert (row.definition["due"], row.is_active) == ("2 days", False)


def test_a_template_made_here_is_exported_with_what_is_ours(tmp_path: Path) -> None:
    draft = TemplateDraft("x_own", Label("Своё", "Own"), TemplateSettings(title="Наше дело"))
    save_template(draft, actor_id=None)
    export_local(tmp_path)
    found = yaml.safe_load((tmp_path / "tasks" / "x_own.yaml").read_text())
    assert found == {"code": "x_own", "label": {"ru": "Своё", "en": "Own"}, "title": "Наше дело"}


def test_a_template_is_retired_with_the_rules_that_use_it_and_not_before(files: Path) -> None:
    (files / "tasks" / "call_back.yaml").unlink()
    (files / "retired.yaml").write_text("- {task: call_back}\n")
    with pytest.raises(PackInvalid, match="call_back"):
        plan(files)
    (files / "rules" / "call_back.yaml").unlink()
    blocked = plan(files)
    assert any("call_back" in each for each in blocked.obstacles)
    (files / "retired.yaml").write_text("- {rule: call_back}\n- {task: call_back}\n")
    apply(plan(files), actor_id=None)
    assert TaskTemplate.objects.get(code="call_back").retired_at is not None
    assert plan(files).is_empty


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("tasks/thinking.yaml", "type: deal", "type: nothing", "nothing"),
        ("tasks/document_check.yaml", "role: lawyer", "role: nobody", "nobody"),
        ("tasks/inspection.yaml", "appraiser", "car", "person_field|не указывает сотрудника"),
        ("tasks/inspection.yaml", "defects", "nowhere", "поля"),
        ("rules/thinking_call.yaml", "thinking}", "inspection}", "inspection"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_with_its_file(
    files: Path, file: str, before: str, after: str, told: str
) -> None:
    path = files / file
    changed = path.read_text().replace(before, after)
    assert changed != path.read_text()
    path.write_text(changed)
    with pytest.raises(PackInvalid, match=rf"(?s){path.name}.*({told})"):
        plan(files)


def test_an_inquiry_is_called_back_as_the_template_says() -> None:
    seller = make_person("seller")
    assign_roles(seller, [get_role("seller")], actor_id=None)
    fields = {"subject": "Вопрос о цене", "source": "avito"}
    write_records(
        [Write(Change.CREATE, "inquiry", fields=fields)], actor=system_actor(), cause={"kind": "test"}
    )
    [task] = Task.objects.all()
    assert (task.kind, task.code, task.priority, task.escalation) == (
        "call",
        "call_back",
        "high",
        "1 working hour",
    )
    assert len(task.checklist) == 4
