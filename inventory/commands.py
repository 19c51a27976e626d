"""Owns what the command line can ask of the store: run it, look at stock, let people in.

It must not know how the words were typed; `main.py` reads the command line and calls these.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from inventory.command_error import CommandError
from inventory.config import ConfigError, StoreConfig, read_store_config
from inventory.db.repositories import all_items
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import SoldBy
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import format_weight
from inventory.domain.staff import SYSTEM_ROLES, Role
from inventory.domain.webhooks import WebhookEvent, public_id
from inventory.label_sheet import label_sheet
from inventory.opening import prepare
from inventory.services import api_tokens, catalogue, enrolment, staff, stock, tablets
from inventory.web.reception import utc_now
from inventory.web.server import ServerError, serve
from inventory.web.texts import texts_for
from inventory.web.webhook_words import WebhookWords
from inventory.webhook_link import body_of, client_for, post


def run_store(config_path: Path, database: str | None = None, port: int | None = None) -> None:
    """Runs the store until it is told to stop; `database` (a URL) and `port` win over the settings."""
    config = _config(config_path, database=database, port=port)
    try:
        serve(config, lambda address: say(f"{config.name}: the store listens on {address}"))
    except (ServerError, ValueError) as error:
        raise CommandError(str(error)) from error
    except SQLAlchemyError as error:
        raise CommandError(f"The database cannot be used: {_first_line(error)}.") from error
    except OSError as error:
        raise CommandError(_unusable(error)) from error


def write_labels(config_path: Path, file: Path, url: str, department: str = "") -> None:
    """Writes a sheet of shelf labels, of one department or of all."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise CommandError(f"“{url}” is no address that a phone can open.")
    with opened(config_path) as (config, database):
        with database.read() as uow:
            items = all_items(uow.session, config.store_id)
        wanted = [item for item in items if not department or item.department == department]
        if not wanted:
            raise CommandError(
                f"No item is in the department “{department}”." if department else "There is no item."
            )
        try:
            file.write_text(label_sheet(wanted, url, config.language), "utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        say(f"{file}: {len(wanted)} labels written.")


def show_stock(config_path: Path, gtin: str) -> None:
    """Says what is on hand of an item, and its latest movements."""
    wanted = gtin_14(gtin)
    if wanted is None:
        raise CommandError(f"“{gtin}” is not a GTIN, or its check digit is wrong.")
    with opened(config_path) as (config, database), database.read() as uow:
        item = catalogue.find_item(uow, config.store_id, wanted)
        level = stock.on_hand(uow, config.store_id, wanted)
        if item is None and level is None:
            raise CommandError(f"The store does not know {wanted}.")
        sold_by = item.sold_by if item else SoldBy.UNIT
        name = item.name(config.language) if item else "not in the catalogue"
        say(f"{wanted}  {name}")
        on_hand_milli = level.on_hand_milli if level else 0
        say(f"on hand: {_quantity(on_hand_milli, sold_by, config.language)}")
        if item is not None and item.is_pack:
            single, units = item.booked_as
            say(f"booked as: {units} × {single}")
        for movement in stock.movements(uow, config.store_id, wanted, limit=10):
            quantity = _quantity(movement.quantity_milli, sold_by, config.language)
            say(
                f"{movement.at_utc:%Y-%m-%d %H:%M} UTC  {movement.reason.value:10}  {quantity:>10}  "
                f"{movement.actor}"
            )


def add_staff(config_path: Path, name: str, role: str) -> None:
    """Lets a person sign in and says the PIN made for them; it is shown this once and kept only hashed."""
    if role not in {known.value for known in Role}:
        raise CommandError(f"{role!r} is no role; there are {', '.join(known.value for known in Role)}.")
    pin = staff.random_pin()
    with opened(config_path) as (config, database):
        try:
            with database.write() as uow:
                staff.add(uow, config.store_id, name=name, pin=pin, role=Role(role), now_utc=utc_now())
        except staff.StaffError as error:
            raise CommandError(str(error)) from error
    say(f"{name} may sign in as {role} with PIN {pin}.")


def add_tablet(config_path: Path, name: str) -> None:
    """Makes a code that lets one tablet in, and says it: the way in where no tablet is let in yet."""
    with opened(config_path) as (config, database):
        try:
            with database.write() as uow:
                code = tablets.make_code(
                    uow,
                    config.store_id,
                    name,
                    digits=enrolment.new_digits(),
                    by="command line",
                    now_utc=utc_now(),
                )
        except tablets.TabletNameError as error:
            raise CommandError(str(error)) from error
    minutes = int(enrolment.LIFE.total_seconds() // 60)
    say(f"Open /tablet at the store's address and type {code.spoken} within {minutes} minutes.")


def add_token(config_path: Path, name: str, role: str) -> None:
    """Makes a token for another system and says it; it is shown this once and kept only hashed."""
    if role not in {known.value for known in SYSTEM_ROLES}:
        names = ", ".join(known.value for known in SYSTEM_ROLES)
        raise CommandError(f"{role!r} is no role; there are {names}.")
    with opened(config_path) as (config, database):
        try:
            with database.write() as uow:
                token = api_tokens.make(
                    uow, config.store_id, name=name, role=Role(role), by="command line", now_utc=utc_now()
                )
        except api_tokens.TokenNameError as error:
            raise CommandError(str(error)) from error
    say(token)


def list_tokens(config_path: Path) -> None:
    """Says which tokens were made: id, role, last use, name."""
    with opened(config_path) as (config, database), database.read() as uow:
        for token in api_tokens.made(uow, config.store_id):
            used = f"{token.used_at_utc:%Y-%m-%d %H:%M} UTC" if token.used_at_utc else "never used"
            state = "revoked" if token.revoked_at_utc else token.role.value
            say(f"{token.token_id}  {state:9}  {used:20}  {token.name}")


def revoke_token(config_path: Path, token_id: str) -> None:
    """Locks a token out for good."""
    with opened(config_path) as (config, database):
        with database.write() as uow:
            was_open = api_tokens.revoke(uow, config.store_id, token_id, by="command line", now_utc=utc_now())
        if not was_open:
            raise CommandError(f"There is no token {token_id} that still opens; see `api token list`.")


def try_webhook(config_path: Path, name: str) -> None:
    """Sends one message to a webhook of the settings now, and says what came of it."""
    config = _config(config_path)
    found = {each.name: each for each in config.help.webhooks}
    if name not in found:
        known = ", ".join(found) or "none"
        raise CommandError(f"The settings name no webhook {name}; there are: {known}.")
    now_utc, event = utc_now(), WebhookEvent.TEST
    facts = {"at": f"{now_utc:%Y-%m-%dT%H:%M:%SZ}", "event": event.value, "store": config.store_id}
    words = WebhookWords(config.name, texts_for(config.language))
    message_id = public_id(config.store_id, secrets.token_hex(16))
    with client_for() as client:
        body = body_of(found[name], event, facts, words)
        problem = post(client, found[name], message_id, body, now_utc)
    if problem:
        raise CommandError(f"{name} did not take the message: {problem}.")
    say(f"{name} has taken the message {message_id}.")


def say(line: str) -> None:
    """One line on the standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _quantity(quantity_milli: int, sold_by: SoldBy, language: str) -> str:
    if sold_by is SoldBy.WEIGHT:
        return format_weight(quantity_milli, language)
    whole, rest = divmod(abs(quantity_milli), 1000)
    sign = "-" if quantity_milli < 0 else ""
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}.{rest:03}"


def _config(config_path: Path, *, database: str | None = None, port: int | None = None) -> StoreConfig:
    try:
        config = read_store_config(config_path)
    except ConfigError as error:
        raise CommandError(str(error)) from error
    if port is not None and not 0 <= port <= 65535:
        raise CommandError(f"{port} is not a port; ports end at 65535.")
    overrides: dict[str, object] = {}
    if database is not None:
        overrides["database_url"] = SecretStr(database)
    if port is not None:
        overrides["port"] = port
    return config.model_copy(update=overrides)


@contextmanager
def opened(config_path: Path) -> Iterator[tuple[StoreConfig, Database]]:
    """The settings and the prepared database, for as long as a command runs. Raises CommandError."""
    config = _config(config_path)
    try:
        database = Database(config.database_url.get_secret_value())
        try:
            prepare(config, database, utc_now())
            yield config, database
        finally:
            database.dispose()
    except ValueError as error:
        raise CommandError(str(error)) from error
    except SQLAlchemyError as error:
        raise CommandError(f"The database cannot be used: {_first_line(error)}.") from error
    except OSError as error:
        raise CommandError(_unusable(error)) from error


def _unusable(error: OSError) -> str:
    """The lock file or the data folder belongs to somebody else, or is no file."""
    return f"The database cannot be used: {error.filename or 'its folder'}: {error.strerror}."


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
