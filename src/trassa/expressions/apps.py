"""Registration of the room `expressions`."""

from django.apps import AppConfig


class ExpressionsConfig(AppConfig):
    name = "trassa.expressions"
    label = "expressions"
