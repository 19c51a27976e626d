"""Owns the proof that the papers tell the truth: commands, options, keys, verbs, links, diagrams and samples.

It must not judge style. What a page promises is compared with the code that would have to keep it.
"""

from __future__ import annotations

import re
import shlex
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from inventory.config import StoreConfig, read_store_config
from inventory.desk_settings import DeskConfig
from inventory.domain.help_desk import HelpState, may_become
from inventory.formats.csv_catalogue import COLUMNS
from inventory.help_settings import HelpConfig
from inventory.webhook_settings import WebhookConfig
from kiosk.checkout import diagram
from kiosk.checkout.tables import PAYMENTS, PHASES
from kiosk.config import TOKEN_VARIABLE, LaneConfig, read_lane_config
from kiosk.demo.journey import KNOWN_THINGS, SCREENS, VERBS, parse_journey
from kiosk.failpoints import NAMES as FAILPOINTS
from main import app
from tests.architecture import blocks, pages

MARKDOWN = pages.files(".md")
COMMANDS = pages.read("docs/command-line.md")
CONFIGURATION = pages.read("docs/configuration.md")
JOURNEYS = pages.read("docs/journeys.md")


# --- links, commands of the Makefile, generated blocks ---------------------------------------------


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(pages.ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    astray = []
    for link in pages.links(page):
        place, _, anchor = link.target.partition("#")
        target = (page.parent / place).resolve() if place else page
        is_there = "://" not in link.target and target.exists()
        if not is_there or (anchor and anchor not in pages.anchors(target)):
            astray.append(link.target)
    assert astray == []


def test_every_make_command_in_the_papers_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", pages.read("Makefile"), re.MULTILINE))
    texts = [page.read_text("utf-8") for page in MARKDOWN]
    typed = [line for text in texts for body in pages.fenced(text) for line in body.splitlines()]
    typed += [code for text in texts for code in re.findall(r"`([^`\n]+)`", text)]
    named = {found[1] for line in typed if (found := re.match(r" *make ([a-z-]+)", line))}
    assert {"demo", "test"} <= named
    assert named <= targets


@pytest.mark.parametrize("page", blocks.PAGES, ids=lambda page: page.name)
def test_generated_blocks_are_those_the_code_makes_now(page: Path) -> None:
    text = page.read_text("utf-8")
    assert blocks.renewed(text) == text, "run: python -m tests.architecture.blocks"


def test_every_generated_block_has_a_place_in_a_page() -> None:
    texts = "".join(page.read_text("utf-8") for page in blocks.PAGES)
    assert [name for name in blocks.BLOCKS if f"<!-- begin {name} -->" not in texts] == []


def test_a_block_without_its_end_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="phases has no end marker"):
        blocks.renewed("<!-- begin phases -->")


def test_every_test_named_in_the_papers_exists() -> None:
    """A page names its proof as `tests/…/test_x.py::test_name`; a renamed test must not leave a claim."""
    named = {
        (found[1], found[2])
        for page in MARKDOWN
        for found in re.finditer(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text("utf-8"))
    }
    missing = [f"{file}::{test}" for file, test in sorted(named) if f"def {test}(" not in _source(file)]
    assert missing == []


def _source(file: str) -> str:
    path = pages.ROOT / file
    return path.read_text("utf-8") if path.is_file() else ""


# --- diagrams --------------------------------------------------------------------------------------


def test_the_diagram_of_the_visit_has_every_change_of_phase_and_no_other() -> None:
    wanted = {
        (before.name.lower(), after.name.lower())
        for row in PHASES.values()
        for before, afters in row.items()
        for after in afters - {before}
    }
    assert _edges(diagram.phase_diagram()) == wanted


def test_the_diagram_of_the_money_has_every_allowed_change_and_no_other() -> None:
    wanted = {
        (before.name.lower(), after.name.lower()) for before, afters in PAYMENTS.items() for after in afters
    }
    assert _edges(diagram.payment_diagram()) == wanted


def test_the_diagram_of_a_call_draws_only_steps_a_request_may_take() -> None:
    by_name = {state.name.lower(): state for state in HelpState}
    edges = {(a, b) for a, b in _edges(diagram.help_diagram()) if a != "open"}
    assert edges
    assert all(may_become(by_name[before], by_name[after]) for before, after in edges)


def test_the_table_of_events_names_every_event() -> None:
    named = [row[0] for row in pages.rows(diagram.event_table())[1:]]
    assert named == sorted(event.__name__ for event in PHASES)


def test_the_whole_drawing_holds_all_five_parts() -> None:
    text = diagram.whole_text()
    assert text.count("```mermaid") == 3
    assert diagram.coupling_table() in text
    assert diagram.event_table() in text


def _edges(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^ +(\w+) --> (\w+)", text, re.MULTILINE))


# --- the command line ------------------------------------------------------------------------------


def _commands(command: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    below = getattr(command, "commands", None)
    if below is None:
        return {" ".join(path): command}
    itself = {" ".join(path): command} if path and getattr(command, "invoke_without_command", False) else {}
    return itself | {
        name: found
        for word, child in below.items()
        for name, found in _commands(child, (*path, word)).items()
    }


ALL_COMMANDS = _commands(typer.main.get_command(app))


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_command_and_long_option_is_explained_in_its_section(name: str) -> None:
    text = pages.section(COMMANDS, name)
    options = [
        option
        for parameter in ALL_COMMANDS[name].params
        if not getattr(parameter, "hidden", False)
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--") and option != "--help"
    ]
    assert f"lanelight {name}" in text
    assert [option for option in options if f"`{option}" not in text] == []


def test_the_page_explains_no_option_that_does_not_exist() -> None:
    for name, command in ALL_COMMANDS.items():
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        explained = set(re.findall(r"^\| `(--[a-z-]+)", pages.section(COMMANDS, name), re.MULTILINE))
        assert explained <= known, name


def _examples() -> list[str]:
    texts = [body for page in MARKDOWN for body in pages.fenced(page.read_text("utf-8"))]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    starts = ("lanelight ", ".venv/bin/python main.py ")
    return sorted({line.removeprefix(start) for line in lines for start in starts if line.startswith(start)})


@pytest.mark.parametrize("example", _examples())
def test_every_example_is_understood_by_the_command_line(example: str) -> None:
    words = shlex.split(example)
    name = next(
        name for name in sorted(ALL_COMMANDS, key=len, reverse=True) if f"{example} ".startswith(f"{name} ")
    )
    # Parses and checks the words without running anything; raises what a person would be told.
    context = ALL_COMMANDS[name].make_context(name, words[len(name.split()) :])
    assert context.params.keys() == {parameter.name for parameter in ALL_COMMANDS[name].params}


# --- settings --------------------------------------------------------------------------------------


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return model.model_fields


LANE_SECTIONS: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in LaneConfig.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(field: FieldInfo) -> str:
    """A default as the page writes it."""
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={})
    assert default is not PydanticUndefined
    if isinstance(default, BaseModel):
        default = {key: value for key, value in default.model_dump().items() if value not in (None, "", ())}
    match default:
        case SecretStr():
            return _quoted(default.get_secret_value())
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            return ", ".join(f"`{each}`" for each in default) or "none"
        case dict():
            inner = ", ".join(f"{key} = {_toml(value)}" for key, value in default.items())
            return f"`{{ {inner} }}`" if default else "none"
        case None:
            return "none"
        case Enum():
            return _quoted(default.value)
        case _:
            return _quoted(str(default))


def _quoted(text: str) -> str:
    return f"`{text}`" if text else "empty"


def _explained(text: str) -> dict[str, str]:
    """Key to default, as a page's tables have them."""
    return {row[0].strip("`"): row[3] for row in pages.rows(text) if len(row) == 4 and row[0].startswith("`")}


def test_every_part_of_the_lane_settings_is_a_section_of_the_page() -> None:
    assert LANE_SECTIONS.keys() == LaneConfig.model_fields.keys()


@pytest.mark.parametrize("name", LANE_SECTIONS)
def test_every_key_of_a_lane_is_explained_with_its_default(name: str) -> None:
    explained = _explained(pages.section(CONFIGURATION, f"[{name}]"))
    assert explained == {key: _shown(field) for key, field in _fields(LANE_SECTIONS[name]).items()}


def test_every_key_of_a_store_is_explained_with_its_default() -> None:
    explained = _explained(pages.section(CONFIGURATION, "store.toml"))
    assert explained == {key: _shown(field) for key, field in _fields(StoreConfig).items()}


STORE_SECTIONS: dict[str, type[BaseModel]] = {
    "[help]": HelpConfig,
    "[[help.webhooks]]": WebhookConfig,
    "[desk]": DeskConfig,
}


@pytest.mark.parametrize("name", STORE_SECTIONS)
def test_every_key_of_a_stores_help_is_explained_and_in_the_sample(name: str) -> None:
    fields = _fields(STORE_SECTIONS[name])
    explained = _explained(pages.section(CONFIGURATION, f"{name} of store.toml"))
    assert explained == {key: _shown(field) for key, field in fields.items()}
    _, found, text = pages.read("docs/samples/store.toml").partition(f"# {name}")
    assert found
    below = text.partition("\n\n")[0]
    assert [key for key in fields if not re.search(rf"^# {key} = ", below, re.MULTILINE)] in (
        [],
        ["webhooks"],
    )


def test_the_sample_of_a_lane_is_accepted_and_names_every_key() -> None:
    path = pages.ROOT / "docs" / "samples" / "lane.toml"
    config = read_lane_config(path, {TOKEN_VARIABLE: "a-secret-of-the-test"})
    text = path.read_text("utf-8")
    keys = {key for model in LANE_SECTIONS.values() for key in model.model_fields} - {"token"}
    assert config.lane.id == "lane-3"
    assert [key for key in keys if not re.search(rf"^(# )?{key} = ", text, re.MULTILINE)] == []


def test_the_sample_of_a_store_is_accepted_and_names_every_key(tmp_path: Path) -> None:
    text = pages.read("docs/samples/store.toml")
    (tmp_path / "store.toml").write_text(text, "utf-8")
    (tmp_path / "lane-3.token").write_text("a-secret-of-the-test-that-is-long-enough\n", "utf-8")
    config = read_store_config(tmp_path / "store.toml", environment={})
    assert list(config.lanes) == ["lane-3"]
    assert [
        key for key in StoreConfig.model_fields if not re.search(rf"^(# )?\[?{key}\b", text, re.MULTILINE)
    ] == []


def test_the_samples_belong_to_one_store() -> None:
    lane, store = pages.read("docs/samples/lane.toml"), pages.read("docs/samples/store.toml")
    for key in ("store_id", "currency"):
        values = [re.findall(rf'^{key} = ("[^"]*")', text, re.MULTILINE) for text in (lane, store)]
        assert values[0] == values[1] != []


# --- journeys --------------------------------------------------------------------------------------


def _explained_steps(title: str) -> str:
    return " ".join(row[0] for row in pages.rows(pages.section(JOURNEYS, title)))


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "expect"])
def test_every_verb_of_a_journey_is_explained(verb: str) -> None:
    assert re.search(rf"`{re.escape(verb)}\b", _explained_steps("Doing"))


@pytest.mark.parametrize("thing", KNOWN_THINGS)
def test_everything_a_journey_can_expect_is_explained(thing: str) -> None:
    assert f"`expect {thing} " in _explained_steps("Knowing")


def test_every_screen_a_journey_can_expect_is_named() -> None:
    text = pages.section(JOURNEYS, "Knowing")
    assert [name for name in SCREENS if not re.search(rf"[` ]{name}[` ]", text)] == []


def test_the_examples_of_the_journeys_page_can_be_read() -> None:
    examples = [row[1].strip("`") for row in pages.rows(JOURNEYS) if len(row) == 3 and row[1].startswith("`")]
    assert len(examples) > len(VERBS)
    for example in (*examples, *pages.fenced(JOURNEYS, "journey")):
        assert parse_journey(example, "docs/journeys.md"), example


def test_every_field_of_a_journeys_result_is_explained() -> None:
    source = pages.read("kiosk/demo/run.py")
    written = set(re.findall(r'_facts\["(\w+)"\] =', source)) | {"journey", "steps", "passed", "screenshots"}
    explained = {row[0].strip("`") for row in pages.rows(pages.section(JOURNEYS, "What a journey leaves"))}
    assert written <= explained


# --- the catalogue's columns, the failpoints, the decisions ----------------------------------------


def test_every_column_of_a_catalogue_file_is_explained() -> None:
    guide = pages.section(pages.read("docs/managers.md"), "Bring goods in")
    assert [column for column in COLUMNS if f"`{column}`" not in guide] == []


def test_failpoints_are_told_of_as_a_door_to_keep_shut() -> None:
    assert FAILPOINTS
    assert "LANELIGHT_FAILPOINTS" in pages.read("SECURITY.md")


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    folder = pages.ROOT / "docs" / "decisions"
    listed = {link.target for link in pages.links(folder / "README.md")}
    written = {path.name for path in folder.glob("[0-9]*.md")}
    assert written == listed
    for name in written:
        text = (folder / name).read_text("utf-8")
        assert all(f"**{part}.**" in text for part in ("Given", "Chosen", "Follows")), name


def test_the_notice_names_every_vendored_file() -> None:
    notice = pages.read("NOTICE")
    vendored = [
        *(pages.ROOT / "assets/web/vendor").glob("*.js"),
        *(pages.ROOT / "assets/fonts").glob("*.[ot]tf"),
    ]
    assert vendored
    assert [path.name for path in vendored if path.name not in notice] == []
