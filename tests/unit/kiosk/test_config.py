"""A lane's settings: every mistake is one sentence with file, line and key, and the token stays hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assets.languages import SHIPPED
from kiosk.config import TOKEN_VARIABLE, ConfigError, LaneConfig, LaneSection, read_lane_config

SMALLEST = """\
[lane]
id = "lane-3"
label = "3"
store_id = "aurora-1"
store_name = "Mercato Aurora"

[store]
url = "http://127.0.0.1:8480"
token = "secret-of-the-lane"
"""


def read(tmp_path: Path, text: str, **environment: str) -> LaneConfig:
    path = tmp_path / "lane.toml"
    path.write_text(text, "utf-8")
    return read_lane_config(path, environment)


def refusal(tmp_path: Path, text: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text, **environment)
    sentence = str(refused.value)
    assert sentence.startswith(str(tmp_path / "lane.toml"))
    assert "\n" not in sentence
    return sentence


def test_the_smallest_configuration_is_enough(tmp_path: Path) -> None:
    config = read(tmp_path, SMALLEST)
    assert config.lane.currency == "EUR"
    assert config.lane.chips == ("en", "it", "id", "ro", "fil")
    assert config.lane.language in config.lane.chips
    assert config.devices.terminal is None
    assert config.journal_path == Path("lane-data/journal.sqlite")


def lane(tmp_path: Path, *lines: str) -> LaneSection:
    name = 'store_name = "Mercato Aurora"'
    return read(tmp_path, SMALLEST.replace(name, "\n".join((name, *lines)))).lane


def test_the_language_a_visit_begins_in_is_always_on_the_welcome_screen(tmp_path: Path) -> None:
    assert lane(tmp_path, 'language = "ar"').chips == ("ar", "en", "it", "id", "ro")
    assert lane(tmp_path, 'language = "ar"', 'languages = ["fr", "ar"]').chips == ("fr", "ar")


def test_every_shipped_language_is_offered_and_a_test_locale_only_when_it_is_named(tmp_path: Path) -> None:
    assert lane(tmp_path).offered == SHIPPED
    assert lane(tmp_path, 'languages = ["en", "it"]').offered == SHIPPED
    assert lane(tmp_path, 'languages = ["en", "ar-XB"]').offered == (*SHIPPED, "ar-XB")
    assert lane(tmp_path, 'language = "en-XA"').offered == (*SHIPPED, "en-XA")


def test_a_configuration_never_changes(tmp_path: Path) -> None:
    config = read(tmp_path, SMALLEST)
    with pytest.raises(ValidationError):
        config.lane.label = "4"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('label = "3"', 'lable = "3"', 3, "lane.lable: unknown key; did you mean “label”?"),
        ("[store]", "[stoer]", 7, "unknown key; did you mean “store”?"),
        ('id = "lane-3"', 'id = "lane 3"', 2, "lane.id"),
        ('id = "lane-3"', 'id = ""', 2, "lane.id"),
        ('label = "3"', "label = 3", 3, "lane.label"),
        ('url = "http://127.0.0.1:8480"', 'url = "ftp://x"', 8, "store.url"),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nlanguage = "jp"', 6, "lane.language"),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nlanguage = "zh-CN"', 6, "mean “zh-Hans”?"),
        (
            'store_name = "Mercato Aurora"',
            'store_name = "x"\nlanguages = ["en", "deutsch"]',
            6,
            "lane.languages.1: “deutsch” is not a language of the lane; did you mean “de”?",
        ),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nlanguages = ["en", "en"]', 6, "twice"),
        (
            'store_name = "Mercato Aurora"',
            'store_name = "x"\nlanguages = ["en", "it", "id", "ro", "fil", "ar"]',
            6,
            "at most 5",
        ),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nlanguages = ["ar"]', 1, "leaves out “en”"),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nbag_gtin = "123"', 6, "lane.bag_gtin"),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\nbag_gtin = "12345678901234"', 6, "check digit"),
        ('url = "http://127.0.0.1:8480"', 'url = "http://127.0.0.1:99999"', 8, "store.url"),
        ('url = "http://127.0.0.1:8480"', 'url = "http://127.0.0.1:port"', 8, "store.url"),
        ('url = "http://127.0.0.1:8480"', 'url = "https://"', 8, "expected http://host:port or https://host"),
        ('store_name = "Mercato Aurora"', 'store_name = "x"\ncurrency = "eur"', 6, "lane.currency"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    sentence = refusal(tmp_path, SMALLEST.replace(old, new))
    assert words in sentence
    assert f"lane.toml:{line}:" in sentence


@pytest.mark.parametrize(
    "devices",
    [
        'terminal = "COM3"',
        'scanner = "usb://1"',
        'scale = ""',
        'terminal = "serial://"',
        'scanner = "tcp://127.0.0.1"',
        'scanner = "serial:///dev/ttyACM0?baud=fast"',
        'scanner = "serial:///dev/ttyACM0?speed=9600"',
        'terminal_password = "12345"',
        'terminal_protocol = "opi"',
        "terminal_pos_number = 0",
        "terminal_pos_number = 100",
        'terminal_password = "abcdef"',
        "camera = 7",
    ],
)
def test_a_device_needs_an_address_one_can_open(tmp_path: Path, devices: str) -> None:
    assert "devices." in refusal(tmp_path, f"{SMALLEST}\n[devices]\n{devices}\n")


def test_a_terminal_speaks_zvt_unless_another_protocol_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST).devices.terminal_protocol == "zvt"
    config = read(
        tmp_path, f'{SMALLEST}\n[devices]\nterminal_protocol = "concert"\nterminal_pos_number = 7\n'
    )
    assert (config.devices.terminal_protocol, config.devices.terminal_pos_number) == ("concert", 7)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert "lane.store_name" in refusal(tmp_path, SMALLEST.replace('store_name = "Mercato Aurora"\n', ""))


@pytest.mark.parametrize("text", ["[lane", "= 3", "[lane]\nid = lane-3"])
def test_what_is_no_toml_is_said_so(tmp_path: Path, text: str) -> None:
    assert "this is not TOML" in refusal(tmp_path, text)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_lane_config(tmp_path / "lane.toml", {})
    (tmp_path / "lane.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_lane_config(tmp_path / "lane.toml", {})


# --- the token -----------------------------------------------------------------------------------

WITHOUT_TOKEN = SMALLEST.replace('token = "secret-of-the-lane"\n', "")


def test_the_environment_s_token_wins_over_the_file_s(tmp_path: Path) -> None:
    config = read(tmp_path, SMALLEST, **{TOKEN_VARIABLE: "from-the-environment"})
    assert config.store.token.get_secret_value() == "from-the-environment"


def test_a_token_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    config = read(tmp_path, f'{WITHOUT_TOKEN}token_file = "{tmp_path / "token"}"\n')
    assert config.store.token.get_secret_value() == "from-a-file"


def test_without_a_token_the_lane_says_where_it_may_come_from(tmp_path: Path) -> None:
    assert TOKEN_VARIABLE in refusal(tmp_path, WITHOUT_TOKEN)
    missing = refusal(tmp_path, f'{WITHOUT_TOKEN}token_file = "{tmp_path / "nowhere"}"\n')
    assert f"store.token_file: {tmp_path / 'nowhere'} cannot be read: No such file" in missing
    (tmp_path / "empty").write_text(" \n")
    assert TOKEN_VARIABLE in refusal(tmp_path, f'{WITHOUT_TOKEN}token_file = "{tmp_path / "empty"}"\n')


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    config = read(tmp_path, f'{SMALLEST}\n[devices]\nterminal_password = "123456"\n')
    for shown in (repr(config), str(config), config.model_dump_json()):
        assert "secret-of-the-lane" not in shown
        assert "123456" not in shown


def test_a_wrong_secret_is_not_repeated_in_the_complaint(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, SMALLEST.replace('token = "secret-of-the-lane"', "token = 5550123"))
    assert "5550123" not in sentence


def test_a_wrong_terminal_password_is_not_shown(tmp_path: Path) -> None:
    assert "98765" not in refusal(tmp_path, f'{SMALLEST}\n[devices]\nterminal_password = "98765"\n')


def test_a_brand_colour_is_taken_when_white_letters_can_be_read_on_it(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST + '[panel]\nbrand = "#7A0019"\n').panel.brand == "#7A0019"


def test_a_brand_colour_that_hides_the_store_s_name_is_refused_with_its_contrast(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, SMALLEST + '[panel]\nbrand = "#FFCC00"\n')
    assert "brand" in sentence
    assert "1.5:1" in sentence
    assert "7:1" in sentence


def test_a_brand_that_is_no_colour_is_refused(tmp_path: Path) -> None:
    assert "six hexadecimal digits" in refusal(tmp_path, SMALLEST + '[panel]\nbrand = "red"\n')
