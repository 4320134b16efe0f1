"""Settings from the environment."""

import stat
from pathlib import Path

import pytest

from trassa.config import options
from trassa.config.options import OPTIONS, BadOption
from trassa.config.postgres.place import EmbeddedPlace
from trassa.config.secret_key import add_key, drop_former_keys, load_former_keys, load_secret_key


def test_every_option_says_what_it_means() -> None:
    assert len(OPTIONS) > 10
    for option in OPTIONS:
        assert option.meaning.endswith(".")
        option.read({})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert options.PORT.read({"TRASSA_PORT": ""}) == 8000


def test_a_wrong_value_names_the_variable() -> None:
    with pytest.raises(BadOption, match="TRASSA_PORT='x'"):
        options.PORT.read({"TRASSA_PORT": "x"})
    with pytest.raises(BadOption, match="TRASSA_HTTPS"):
        options.HTTPS.read({"TRASSA_HTTPS": "perhaps"})


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = load_secret_key(tmp_path / "new", "")
    assert len(key) >= 50
    assert load_secret_key(tmp_path / "new", "") == key
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_a_given_secret_key_wins(tmp_path: Path) -> None:
    assert load_secret_key(tmp_path, "given") == "given"
    assert not list(tmp_path.iterdir())


def test_a_fresh_key_comes_first_and_former_ones_stay_until_they_are_dropped(tmp_path: Path) -> None:
    first = load_secret_key(tmp_path, "")
    assert load_former_keys(tmp_path, "", []) == []
    assert add_key(tmp_path) == 2
    assert load_secret_key(tmp_path, "") != first
    assert load_former_keys(tmp_path, "", []) == [first]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert drop_former_keys(tmp_path) == 1
    assert load_former_keys(tmp_path, "", []) == []
    assert load_former_keys(tmp_path, "given", ["before"]) == ["before"]


def test_a_long_data_folder_has_its_socket_elsewhere() -> None:
    short, long = EmbeddedPlace(Path("/srv/trassa")), EmbeddedPlace(Path("/srv") / ("x" * 120))
    assert short.sockets == Path("/srv/trassa/postgres/socket")
    assert len(str(long.sockets)) < 88
