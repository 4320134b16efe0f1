"""Registration of the pack `auto`."""

from pathlib import Path

from django.apps import AppConfig

from trassa.solutions.registries import PackSource, packs


class AutoConfig(AppConfig):
    name = "trassa.packs.auto"
    label = "packs_auto"

    def ready(self) -> None:
        packs.register("auto", PackSource(Path(__file__).parent))
