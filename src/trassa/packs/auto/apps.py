"""Registration of the pack `auto`."""

from pathlib import Path

from django.apps import AppConfig

from trassa.packs.auto.photographs import draw_car
from trassa.packs.auto.spreadsheets import NAME, write_messy_cars
from trassa.schema.types import Label
from trassa.solutions.registries import DemoFile, PackSource, demo_drawings, demo_files, packs

ADVICE = Label(
    "5 000 автомобилей с беспорядком старой программы: войдите как admin и импортируйте",
    "5,000 cars with the mess of an old program: sign in as admin and import them",
)


class AutoConfig(AppConfig):
    name = "trassa.packs.auto"
    label = "packs_auto"

    def ready(self) -> None:
        packs.register("auto", PackSource(Path(__file__).parent))
        demo_drawings.register("car", draw_car)
        demo_files.register("auto.cars", DemoFile(NAME, ADVICE, write_messy_cars))
