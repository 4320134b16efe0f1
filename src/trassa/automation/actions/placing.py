"""A robot is dragged under another stage."""

from dataclasses import replace

from trassa.automation.actions.rules import save_rule
from trassa.automation.queries import draft_of, get_rule
from trassa.schema.types import TypeSpec


def place_rule(code: str, spec: TypeSpec, pipeline: str, stage: str, *, actor_id: int | None) -> None:
    """Let a rule answer to another stage; what has no stage of its own then answers to entering it."""
    draft = draft_of(get_rule(code), spec.code)
    when = dict(draft.when)
    staged = when["event"] in ("stage_entered", "stage_left", "overdue")
    if stage and staged:
        when |= {"pipeline": pipeline, "stage": stage}
    elif stage and when["event"] == "button":
        when |= {"pipeline": pipeline, "stages": [stage]}
    elif stage:
        when = {"event": "stage_entered", "pipeline": pipeline, "stage": stage}
    elif staged:
        when = {key: value for key, value in when.items() if key != "stage"}
    elif when["event"] == "button":
        when = {key: value for key, value in when.items() if key != "stages"}
    if when != draft.when:
        save_rule(replace(draft, when=when), actor_id=actor_id)
