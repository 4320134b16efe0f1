"""A large spreadsheet as a company brings it: `trassa import` of contacts, in a process of its own."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from bench.company import NAMES
from trassa.access.queries import system_actor
from trassa.imports.queries.runs import list_runs

HEADINGS = (
    "Имя",
    "Отчество",
    "Телефон",
    "Эл. почта",
    "Кто это",
    "Откуда узнал",
    "Город",
    "День рождения",
    "Ответственный",
    "Комментарий",
)
#: Of a hundred lines so many repeat the phone of an earlier one, and so many cannot be read.
REPEATED, BROKEN = 2, 1
#: Surnames are put together, since those of the company are few.
ROOTS = (
    "Бел",
    "Вол",
    "Гор",
    "Дуб",
    "Жар",
    "Зим",
    "Кор",
    "Лес",
    "Мор",
    "Нос",
    "Пол",
    "Руб",
    "Сол",
    "Тар",
    "Чер",
)
ENDINGS = ("ов", "овский", "ин", "енко", "ышев", "анов", "ицкий", "ухин", "оньков", "ава", "игин", "ащенко")
PATRONYMICS = ("Сергеевич", "Иванович", "Петровна", "Олеговна", "")
KINDS = ("Покупатель", "Владелец авто", "Партнёр", "покупатель", "")
SOURCES = ("Авито", "Авто.ру", "Звонок", "Рекомендация", "whatsapp")
CITIES = ("Санкт-Петербург", "Москва", "Казань", "Мурино", "Всеволожск")
PHONES = ("8 ({}) {}-{}-{}", "+7 {} {} {} {}", "8{}{}{}{}", "+7({}){}-{}{}", "{} {}-{}-{}", "8-{}-{}-{}-{}")
COMMENTS = ("", "Ищет BMW X5 до 6 млн", "Перезвонить после 18:00", "Продаёт Audi Q7 2019 года")


def lines(count: int, seed: int = 7) -> Iterator[tuple[object, ...]]:
    """Contacts as people keep them: phones in many ways of writing, labels in any case, gaps."""
    chance = random.Random(seed)
    for number in range(count):
        luck = chance.randrange(100)
        wanted = chance.randrange(number) if number and luck < REPEATED else number
        digits = f"9{wanted:09d}"
        phone = chance.choice(PHONES).format(digits[:3], digits[3:6], digits[6:8], digits[8:])
        yield (
            f"{chance.choice(ROOTS)}{chance.choice('аеиоу')}к{chance.choice(ENDINGS)} {chance.choice(NAMES)}",
            chance.choice(PATRONYMICS),
            "не помню" if luck == 99 else phone,
            f"client{number}@example.com" if number % 3 else "",
            chance.choice(KINDS),
            chance.choice(SOURCES),
            chance.choice(CITIES),
            date(1960, 1, 1) + timedelta(days=chance.randrange(15_000)) if number % 2 else "",
            f"seller{1 + number % 200}",
            chance.choice(COMMENTS),
        )


def write_workbook(path: Path, count: int) -> None:
    """The lines as an XLSX with a table of texts, as spreadsheet programs write it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Контакты")
    sheet.append(HEADINGS)
    for line in lines(count):
        sheet.append(line)
    book.save(path)


def measure_file_import(data: Path, count: int) -> dict[str, object]:
    """Import so many lines as the director; the time is that of the whole process, its start included."""
    path = data / "contacts.xlsx"
    write_workbook(path, count)
    trassa = Path(sys.executable).parent / "trassa"
    command = [str(trassa), "--data", str(data), "import", str(path), "--type", "contact"]
    started = time.perf_counter()
    process = subprocess.Popen([*command, "--person", "director"], stdout=subprocess.DEVNULL)
    peak, ended = 0.0, 0
    while not ended:
        peak = max(peak, peak_mib(process.pid))
        time.sleep(0.1)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    took = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    counts = list_runs(system_actor(), limit=1)[0].counts
    assert counts.total == count
    return {
        "per_second": round(count / took, 1),
        "seconds": round(took, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mib": round(peak, 1),
        "created": counts.created,
        "duplicates": counts.duplicates,
        "rejected": counts.rejected,
    }


def peak_mib(pid: int) -> float:
    """The most memory that a process has ever held, in mebibytes; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(found.split()[1]) / 1024
