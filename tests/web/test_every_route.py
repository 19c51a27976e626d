"""What every route asks before it does anything, found by walking the application, later routes as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from inventory.domain.staff import Role
from inventory.web.app import create_app
from tests.support.web_store import StoreInTest, Visitor, as_role
from tests.web.test_csrf_and_headers import routes

HOME = "https://aurora.example"
DOORS = ("/sign-in", "/sign-in/passkey", "/sign-in/passkey/question", "/tablet")
"""Forms of people who are not signed in: they carry the token that this browser was given."""

FOR_EVERYBODY = (
    *("/", "/find", "/back", "/healthz", "/readyz", "/assets", "/sign-in", "/tablet", "/staff/bell"),
    *("/staff/app.webmanifest", "/staff/worker.js", "/staff/offline"),
)
"""And whatever stands below one of these."""

FROM_AFAR = (
    "/staff",
    "/staff/wall",
    "/staff/mirror",
    "/staff/seen",
    "/staff/alerts/{alert_id}/{step}",
    "/staff/approvals",
    "/staff/help/{help_id}/{step}",
    "/staff/interventions/{intervention_id}/{decision}",
    "/staff/talk/{help_id}",
    "/staff/talk/{help_id}/{phrase}",
    "/staff/tasks",
    "/staff/tasks/rows",
    "/staff/note",
    "/staff/note/read",
)
"""What a helper elsewhere reaches, beside the desk's own pages."""

TO_LEAD = ("/manager/feedback", "/manager/feedback/part")
"""What of the console a supervisor reaches."""


@pytest.fixture
def store(store: StoreInTest) -> StoreInTest:
    """The store at an address of its own: the routes of passkeys are there as well."""
    config = store.config.model_copy(update={"public_url": HOME})
    app = create_app(config, store.database, store.broker, clock=store.clock)
    return StoreInTest(config, store.database, app, store.broker, store.clock)


def asked(store: StoreInTest) -> Iterator[tuple[str, str, str]]:
    """Each method and path of people's pages, and the path with something for each of its fields."""
    fields = {"step": "accept", "decision": "approve", "wanted": "close"}
    for path, methods in routes(store.app):
        if not path.startswith("/api/") and path not in ("/staff/events", "/sign-out"):
            filled = re.sub(r"{(\w+)(:path)?}", lambda found: fields.get(found[1], "x1"), path)
            yield from ((method, path, filled) for method in methods - {"HEAD"})


def visitor(store: StoreInTest, role: Role | None = None) -> Visitor:
    found = store.visitor(base_url=HOME)
    if role is not None:
        as_role(store, "Marco", role)
        assert found.sign_in("Marco").status_code == 303
    return found


def sent(person: Visitor, method: str, path: str, **form: str) -> httpx.Response:
    return person.get(path) if method == "GET" else person.send(path, form)


def test_there_are_passkeys_and_many_routes(store: StoreInTest) -> None:
    found = {path for _method, path, _filled in asked(store)}
    assert {"/sign-in/passkey", "/staff/passkeys/question"} < found
    assert len(found) > 100


def test_whoever_is_signed_out_is_sent_to_the_door_by_everything_else(store: StoreInTest) -> None:
    stranger = visitor(store)
    for method, path, filled in asked(store):
        is_open = path == "/" or path.startswith(FOR_EVERYBODY[1:])
        if not is_open:
            assert sent(stranger, method, filled).status_code in (303, 401), (method, path)
        elif method != "GET":
            assert path in DOORS, f"{path} takes forms of anybody"
            assert sent(stranger, method, filled).status_code == 403, path


def test_no_form_is_taken_without_its_token_or_from_another_site(store: StoreInTest) -> None:
    ada = visitor(store)
    assert ada.sign_in("Ada").status_code == 303
    token = ada.token_on("/staff")
    for method, path, filled in asked(store):
        if method == "GET":
            continue
        assert ada.send(filled, {}).status_code == 403, path
        assert ada.send(filled, {"form_token": token}, origin="https://evil.example").status_code == 403, path
        assert ada.client.request(method, filled, data={"form_token": token}).status_code == 403, path


@pytest.mark.parametrize("role", [Role.REMOTE, Role.SUPERVISOR])
def test_nobody_reaches_what_is_not_on_the_list_of_their_role(store: StoreInTest, role: Role) -> None:
    person = visitor(store, role)
    token = person.token_on("/staff")
    reached = {
        path
        for method, path, filled in asked(store)
        if path.startswith(("/manager", "/staff"))
        and not path.startswith(FOR_EVERYBODY[1:])
        and sent(person, method, filled, form_token=token).status_code != 403
    }
    if role is Role.REMOTE:
        assert {path for path in reached if not path.startswith("/staff/desk")} == set(FROM_AFAR)
    else:
        assert {path for path in reached if path.startswith("/manager")} == set(TO_LEAD)
