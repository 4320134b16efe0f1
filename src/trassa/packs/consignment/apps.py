"""Registration of the pack `consignment`."""

from pathlib import Path

from django.apps import AppConfig

from trassa.solutions.registries import PackSource, packs


class ConsignmentConfig(AppConfig):
    name = "trassa.packs.consignment"
    label = "packs_consignment"

    def ready(self) -> None:
        packs.register("consignment", PackSource(Path(__file__).parent))
