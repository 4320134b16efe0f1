"""What settings of triggers and steps are called."""

from django.utils.translation import gettext as _


def setting_label(name: str) -> str:
    """The name of a setting as its input shows it; of one that is not known its code."""
    return {
        "pipeline": _("Pipeline"),
        "stage": _("Stage"),
        "stages": _("Only in stages"),
        "fields": _("Fields"),
        "field": _("Field"),
        "offset": _("How long before or after"),
        "every": _("How often"),
        "at": _("Time"),
        "on": _("Day of the week or month"),
        "phase": _("How late"),
        "find": _("Find the record by"),
        "create": _("Create it when there is none"),
        "reason": _("Reason"),
        "how": _("Who"),
        "owner.how": _("Hand over to"),
        "person": _("Person"),
        "owner.person": _("Person"),
        "role": _("Role"),
        "owner.role": _("Role"),
        "owner.field": _("Field"),
        "same_department": _("Only from the same department"),
        "owner.same_department": _("Only from the same department"),
        "into": _("Into the field"),
        "type": _("Type"),
        "link": _("Field that leads back here"),
        "copied": _("Copied fields"),
        "kept": _("Fields kept in step: here → there"),
        "match": _("Take the one with the same"),
        "update": _("Bring it up to date each time"),
        "key": _("Code of this step"),
        "time": _("How long"),
        "until": _("Until the date"),
        "condition": _("Go on only if"),
        "url": _("Address"),
        "secret": _("Secret that signs it"),
    }.get(name, name)


def choice_label(value: str) -> str:
    """One of the values that a setting knows."""
    return {
        "person": _("a person"),
        "field": _("whoever a field names"),
        "head": _("the owner's head"),
        "actor": _("who set it off"),
        "turn": _("of a role, in turn"),
        "least_loaded": _("of a role, with the least to do"),
        "day": _("every day"),
        "week": _("every week"),
        "month": _("every month"),
        "soon": _("soon due"),
        "overdue": _("overdue"),
        "escalated": _("long overdue"),
    }.get(value, value)
