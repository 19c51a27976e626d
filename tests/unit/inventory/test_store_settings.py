"""Settings: what store.toml may say, and that every mistake is one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from inventory.config import ConfigError, StoreConfig, read_store_config
from inventory.domain.settings import SettingsError, line_of, read_settings

GOOD = """
store_id = "corner"
name = "Corner shop"
currency = "EUR"
timezone = "Europe/Rome"

[tax_rates_bp]
standard = 2200

[lanes]
lane-1 = "0123456789abcdef0123456789"
lane-2 = "env:LANE_TWO"
lane-3 = "file:three.token"
"""
SECOND = "second-secret-from-elsewhere"
THIRD = "third-secret-from-a-file-01"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "store.toml"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "three.token").write_text(f"{THIRD}\n", encoding="utf-8")
    return path


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        read_store_config(written(tmp_path, text), environment={})
    return str(error.value)


def test_a_good_file_is_read_with_secrets_from_file_and_environment(tmp_path: Path) -> None:
    config = read_store_config(written(tmp_path, GOOD), environment={"LANE_TWO": SECOND})
    assert config.lanes["lane-2"].get_secret_value() == SECOND
    assert config.lanes["lane-3"].get_secret_value() == THIRD
    assert config.tax_rates_bp == {"standard": 2200}
    assert config.is_loopback


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    config = read_store_config(written(tmp_path, GOOD), environment={"LANE_TWO": SECOND})
    assert not any(secret in repr(config) for secret in ("0123456789abcdef", SECOND, THIRD))


def test_a_relative_database_lies_in_the_data_folder(tmp_path: Path) -> None:
    text = GOOD.replace(
        "[tax_rates_bp]", 'data_dir = "data"\ndatabase_url = "sqlite:///x.db"\n[tax_rates_bp]'
    )
    config = read_store_config(written(tmp_path, text), environment={"LANE_TWO": SECOND})
    assert config.database_url.get_secret_value() == f"sqlite:///{tmp_path}/data/x.db"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("currency =", "curency =", "store.toml:4: curency: unknown key; did you mean “currency”?"),
        ('"EUR"', '"EURO"', "store.toml:4: currency: “EURO” is not a currency"),
        ('"Europe/Rome"', '"Rome"', "store.toml:5: timezone: “Rome” is not a time zone"),
        ("2200", "22000", "store.toml:8: tax_rates_bp.standard:"),
        ('name = "Corner shop"', "name = 7", "store.toml:3: name: input should be a valid string"),
        ("env:LANE_TWO", "short", "store.toml:10: lanes: the token of lane-2 is shorter than 22"),
        ("env:LANE_TWO", "env:NOT_SET", "store.toml:12: lanes.lane-2: the environment variable NOT_SET"),
        ("three.token", "four.token", "store.toml:13: lanes.lane-3: the file four.token cannot be read"),
        ('"corner"', '"corner', "store.toml: this is not TOML"),
    ],
)
def test_each_mistake_is_named_with_file_line_and_key(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = GOOD.replace("env:LANE_TWO", SECOND) if before != "env:LANE_TWO" else GOOD
    assert said in refusal(tmp_path, text.replace(before, after))


def test_a_refusal_never_repeats_a_secret(tmp_path: Path) -> None:
    text = GOOD.replace("env:LANE_TWO", "0123456789abcdef0123456789")
    said = refusal(tmp_path, text)
    assert "two lanes have the same token" in said
    assert "0123456789abcdef" not in said


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: No such file"):
        read_store_config(tmp_path / "none.toml")


def test_an_unknown_key_inside_a_known_table_is_found_on_its_line() -> None:
    text = 'name = "x"\n[printer]\nport = "a"\nbuad = 9600\n'
    with pytest.raises(SettingsError, match=r"lane\.toml:4: printer\.buad: unknown key; did you mean “baud”"):
        read_settings(text, source="lane.toml", known={"name": None, "printer": {"port": None, "baud": None}})


def test_a_table_with_free_keys_takes_any_key() -> None:
    assert read_settings("[lanes]\nx = 1\n", source="s", known={"lanes": None}) == {"lanes": {"x": 1}}


def test_a_key_that_stands_nowhere_has_no_line() -> None:
    assert line_of("a = 1\n", ["b"]) is None


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_settings_error(text: str) -> None:
    try:
        found = read_settings(text, source="s", known={})
    except SettingsError:
        return
    assert found == {}


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://store.example", True),
        ("https://store.example:8443", True),
        ("http://localhost:8480", True),
        ("http://store.example", False),
        ("https://127.0.0.1", False),
        ("https://store.example/staff", False),
        ("https://ada@store.example", False),
        ("store.example", False),
    ],
)
def test_a_public_address_is_a_name_behind_https_or_this_machine(address: str, is_taken: bool) -> None:
    told = {"store_id": "corner", "name": "Corner shop", "public_url": address}
    if is_taken:
        assert StoreConfig.model_validate(told).public_url == address
    else:
        with pytest.raises(ValidationError, match="not an https address by name"):
            StoreConfig.model_validate(told)


ELSEWHERE = GOOD.replace("env:LANE_TWO", SECOND) + (
    """
[help]
elsewhere = "by-hand"
languages = ["it", "fil"]
call_link = "https://meet.example/{call}"

[desk]
serves = ["aurora-2", "*"]
skills = ["price"]
hours = "Mo-Fr 08:00-20:00"
"""
)


def test_help_from_elsewhere_is_read(tmp_path: Path) -> None:
    config = read_store_config(written(tmp_path, ELSEWHERE), environment={})
    assert config.help.elsewhere_from is None
    assert config.help.languages == ("it", "fil")
    assert config.desk is not None
    assert (config.desk.serves, config.desk.skills) == (("aurora-2", "*"), ("price",))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("by-hand", "sometimes", "help.elsewhere: input should be 'at-once'"),
        ('"fil"', '"Filipino"', "help.languages"),
        ("https:", "http:", "help.call_link: a call link is an https address"),
        ("serves", "serve", "desk.serve: unknown key; did you mean “serves”?"),
        ('["aurora-2", "*"]', "[]", "desk.serves"),
        ('["price"]', '["age"]', "“age” is nothing a desk can be asked"),
        ("08:00-20:00", "8-20", "desk.hours: “Mo-Fr 8-20” are no opening hours"),
    ],
)
def test_a_mistake_about_help_from_elsewhere_is_named(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert said in refusal(tmp_path, ELSEWHERE.replace(before, after))
