"""Writes a configuration as the files of a pack, readable by people and by `reader`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from trassa.solutions.comparator import plain
from trassa.solutions.extensions import WITHDRAWS, difference
from trassa.solutions.format import SECTIONS, Configuration, Entry, PackEntry, RoleEntry, Section, TypeEntry
from trassa.solutions.grants import in_order, join_grants, single_grants
from trassa.solutions.retiring import retired_here

#: Things that read best on one line.
_FLOW_LENGTH = 110


class _Dumper(yaml.SafeDumper):
    """Block style, with short groups of plain values on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Items of lists stand two characters further in, as people write them."""
        super().increase_indent(flow, False)

    def represent_short(self, data: Mapping[str, Any]) -> yaml.Node:
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=_is_short(data))

    def represent_row(self, data: list[Any]) -> yaml.Node:
        short = all(not isinstance(item, dict | list) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(dict, _Dumper.represent_short)
_Dumper.add_representer(list, _Dumper.represent_row)


def _is_short(data: Mapping[str, Any]) -> bool:
    """A label, an option, a reason: small enough for one line, and not a field or a stage."""
    nested = [value for value in data.values() if isinstance(value, dict | list)]
    if any(not isinstance(value, dict) or not _is_flat(value) for value in nested):
        return False
    return len(nested) <= 1 and "kind" not in data and "menu" not in data and len(str(data)) <= _FLOW_LENGTH


def _is_flat(data: Mapping[str, Any]) -> bool:
    return all(not isinstance(value, dict | list) for value in data.values())


def write_pack(folder: Path, about: PackEntry, configuration: Configuration) -> list[Path]:
    """The files of a pack in `folder`; returns what was written."""
    written = [_write(folder / "pack.yaml", _trimmed(about))]
    for name, section in SECTIONS.items():
        entries = {entry.code: _trimmed(entry) for entry in configuration.things(name)}
        written += _write_section(folder, name, section, entries)
    return written


def write_local(folder: Path, about: PackEntry, base: Configuration, here: Configuration) -> list[Path]:
    """What differs here from what packs brought, as a pack that extends them; returns what was written."""
    own = here.part({section: codes - base.codes()[section] for section, codes in here.codes().items()})
    written = write_pack(folder, about, own)
    for name, section in SECTIONS.items():
        written += _write_section(folder / "extends", name, section, _differences(base, here, name))
    retired = [entry.model_dump(mode="json", exclude_none=True) for entry in retired_here(base, here)]
    return [*written, _write(folder / "retired.yaml", retired)] if retired else written


def _write_section(
    folder: Path, name: str, section: Section, entries: Mapping[str, dict[str, Any]]
) -> Iterator[Path]:
    """Entries by their codes, in one file or in one file each."""
    if section.in_one_file and entries:
        yield _write(folder / section.place(name), list(entries.values()))
    elif not section.in_one_file:
        for code, entry in entries.items():
            yield _write(folder / name / f"{code}.yaml", entry)


def _differences(base: Configuration, here: Configuration, section: str) -> dict[str, dict[str, Any]]:
    """For each thing of a section that differs: its code and the extension that tells the difference."""
    older = {each.code: each for each in base.things(section)}
    found = {}
    for entry in here.things(section):
        before = older.get(entry.code, entry)
        told = difference(plain(before), plain(entry))
        if isinstance(entry, RoleEntry) and isinstance(before, RoleEntry):
            told |= _differing_grants(before, entry)
        if told:
            found[entry.code] = {"code": entry.code, **told}
    return found


def _differing_grants(before: RoleEntry, entry: RoleEntry) -> dict[str, Any]:
    older, newer = single_grants(before.grants), single_grants(entry.grants)
    found = {"grants": newer - older, WITHDRAWS: older - newer}
    return {
        name: [each.model_dump(mode="json", exclude_defaults=True) for each in join_grants(in_order(grants))]
        for name, grants in found.items()
        if grants
    }


def _trimmed(entry: Entry) -> dict[str, Any]:
    """An entry without what goes without saying."""
    if isinstance(entry, TypeEntry):
        entry = TypeEntry.model_validate(plain(entry))
    content = entry.model_dump(mode="json", exclude_defaults=True)
    card = entry.layout.card if isinstance(entry, TypeEntry) else ()
    if len(card) == 1 and card[0].label is None and card[0].visible_when is None:
        content["layout"]["card"] = content["layout"]["card"][0]["sections"]
    return content


def _write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(text, encoding="utf-8")
    return path
