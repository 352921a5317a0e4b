"""Who is let in, who is refused, and that a refusal does not tell what it should not."""

import pytest

from adapters.access.gate import UnidentifiedError
from adapters.access.model import Role, Scope, Session
from api.identity import NO_CONTRACT
from domain.time.instant import Instant
from tests.support.access import CLOUD_TEMPLE, DAY, SECOND, House


def test_request_without_a_credential_is_asked_for_one(at_home: House) -> None:
    answer = at_home.get("/v1/contracts")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="greffe"'


def test_key_that_nobody_made_is_refused(at_home: House) -> None:
    made = at_home.key(Role.AUDITOR)
    for wrong in ("greffe_" + "0" * 49, made[:-1], made + "x", made.swapcase(), "x"):
        answer = at_home.get("/v1/contracts", wrong)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="greffe", error="invalid_token"'


def test_client_sees_its_contracts_and_no_other(at_home: House) -> None:
    secret = at_home.key(Role.CLIENT, clients=["client-1"])
    assert at_home.get("/v1/contracts", secret).json() == ["C-1", "C-3"]
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 200
    assert at_home.get("/v1/contracts/C-2/statement", secret).status_code == 404


def test_client_of_one_provider_is_not_the_client_of_the_same_id_of_another(at_home: House) -> None:
    secret = at_home.key(Role.CLIENT, clients=["client-1"], providers=["outscale"])
    assert at_home.get("/v1/contracts", secret).json() == ["C-1"]


def test_desk_sees_every_contract_of_its_provider(at_home: House) -> None:
    secret = at_home.key(Role.DESK, providers=["outscale"])
    assert at_home.get("/v1/contracts", secret).json() == ["C-1", "C-2"]


def test_contract_signed_later_is_seen_as_soon_as_it_is_served(at_home: House) -> None:
    secret = at_home.key(Role.CLIENT, clients=["client-1"])
    assert at_home.get("/v1/contracts/C-9/statement", secret).status_code == 404
    at_home.sign("C-9", "client-1", CLOUD_TEMPLE)
    assert at_home.get("/v1/contracts/C-9/statement", secret).status_code == 200


def test_contract_of_another_and_one_that_is_not_there_get_the_same_answer(at_home: House) -> None:
    secret = at_home.key(Role.CLIENT, clients=["client-1"])
    other, none = (at_home.get(f"/v1/contracts/{name}/statement", secret) for name in ("C-2", "C-8"))
    assert other.status_code == none.status_code == 404
    assert other.json() == none.json() | {"instance": "/v1/contracts/C-2/statement"}
    assert other.json()["detail"] == NO_CONTRACT[0]
    assert other.headers.raw == none.headers.raw


def test_auditor_is_told_of_a_contract_that_is_not_there(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    assert at_home.get("/v1/contracts/C-2/statement", secret).status_code == 200
    assert at_home.get("/v1/contracts/C-8/statement", secret).status_code == 404


def test_operator_and_administrator_read_no_contract(at_home: House) -> None:
    for role in (Role.OPERATOR, Role.ADMINISTRATOR):
        answer = at_home.get("/v1/contracts/C-1/statement", at_home.key(role))
        assert answer.status_code == 403
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="greffe", error="insufficient_scope"'


def test_expired_key_stops_at_its_instant(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    at_home.clock.pass_by(90 * DAY - 1)
    assert at_home.get("/v1/contracts", secret).status_code == 200
    at_home.clock.pass_by(1)
    assert at_home.get("/v1/contracts", secret).status_code == 401


def test_key_revoked_by_another_process_stops_within_a_second(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    assert at_home.get("/v1/contracts", secret).status_code == 200
    at_home.access.revoke_key(at_home.access.every_key()[0].id, at_home.clock.at)
    at_home.clock.pass_by(SECOND)
    assert at_home.get("/v1/contracts", secret).status_code == 401


def test_key_revoked_here_stops_at_once(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    assert at_home.get("/v1/contracts", secret).status_code == 200
    at_home.access.revoke_key(at_home.access.every_key()[0].id, at_home.clock.at)
    at_home.gate.forget()
    assert at_home.get("/v1/contracts", secret).status_code == 401


def test_address_that_fails_too_often_has_to_wait_and_who_was_let_in_before_does_not(at_home: House) -> None:
    secret, other = at_home.key(Role.AUDITOR), at_home.key(Role.AUDITOR)
    assert at_home.get("/v1/contracts", secret).status_code == 200
    assert [at_home.get("/v1/contracts", "greffe_x").status_code for _ in range(6)] == [401] * 5 + [429]
    assert at_home.get("/v1/contracts", other).status_code == 429
    assert at_home.get("/v1/contracts", secret).status_code == 200


def test_session_of_the_provider_ends_with_its_time_by_itself_or_with_all_of_its_person(at_home: House) -> None:
    at, gate = at_home.clock.at, at_home.gate
    scope = Scope.of(clients=["client-1"])

    def opened(number: str, began: Instant) -> Session:
        return Session(number, "oidc:ada", "Ada", Role.CLIENT, scope, began, Instant(at + DAY))

    def ask(session: Session) -> frozenset[str] | None:
        return at_home.runner.run(gate.identify_session(session)).contracts

    one, other = opened("1", at), opened("2", at)
    assert ask(one) == ask(other) == {"C-1", "C-3"}
    at_home.runner.run(gate.end_session(one))
    with pytest.raises(UnidentifiedError):
        ask(one)
    assert ask(other)
    at_home.runner.run(gate.end_session(one))
    at_home.access.end_sessions("oidc:ada", at)
    at_home.clock.pass_by(SECOND + 1)
    with pytest.raises(UnidentifiedError):
        ask(other)
    later = opened("3", at_home.clock.at)
    assert ask(later)
    gate.forget()
    at_home.clock.pass_by(DAY)
    with pytest.raises(UnidentifiedError):
        ask(later)
