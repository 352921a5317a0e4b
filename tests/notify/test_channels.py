"""What leaves by each channel: signed webhooks, chats in their own forms, mail over TLS; settings that hold."""

import base64
import hashlib
import hmac
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from adapters.notify.hooks import signature, signing_keys
from adapters.notify.sending import Sent
from adapters.settings.notify import NotifySettings
from domain.time.instant import parse_instant
from tests.notify.conftest import DAY_BEFORE, HOURS_BEFORE, SECRET, House
from tests.support.mailbox import mail_server
from tools.broker.certificates import write_certificates


def test_a_webhook_is_signed_as_the_standard_says(running: House) -> None:
    running.round(running.rules("program"), DAY_BEFORE)
    ((headers, body),) = running.hook.calls
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed_text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed_text, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(parse_instant(DAY_BEFORE) // 1_000_000)


def test_the_standard_s_own_example_and_a_change_of_secrets() -> None:
    body = b'{"test": 2432232314}'
    keys = signing_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    both = signing_keys(f"{SECRET} {SECRET[:-4]}AAAA")
    assert len(signature(both, "x", 1, body).split()) == 2
    for wrong in ("", "whsec_x", "whsec_c2hvcnQ="):
        with pytest.raises(ValueError, match="base64"):
            signing_keys(wrong)


CHATS = """
[channels.slack]
kind = "slack"
url_env = "CHAT_URL"
[channels.teams]
kind = "teams"
url_file = "{file}"
[channels.mattermost]
kind = "mattermost"
url_env = "CHAT_URL"
[recipients.slack]
channel = "slack"
lang = ["en"]
[recipients.teams]
channel = "teams"
lang = ["fr"]
[recipients.mattermost]
channel = "mattermost"
"""


def test_chats_get_what_they_read(running: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "url").write_text(running.hook.url + "\n")
    monkeypatch.setenv("CHAT_URL", running.hook.url)
    names = ("mattermost", "slack", "teams")
    text = running.rules(*names, more=CHATS.format(file=tmp_path / "url"))
    for at in (DAY_BEFORE, HOURS_BEFORE):
        running.round(text, at)
    by_kind = {next(iter(body)): body for body in running.hook.bodies if len(body) > 1}
    slack, teams = by_kind["text"], by_kind["type"]
    (mattermost, *_) = [body["text"] for body in running.hook.bodies if len(body) == 1]
    assert slack["blocks"][0]["type"] == "section"
    assert "Due within" in json.dumps(slack)
    card = teams["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["actions"][0]["url"] == "https://greffe.example/contracts/C-1/deadlines"
    assert "Échéance" in json.dumps(teams, ensure_ascii=False)
    assert "#### [Due within 1 day" in mattermost


def test_secrets_and_addresses_that_are_missing_or_wrong_are_named_and_never_shown(
    running: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("CHAT_URL", "http://chat.example/T0P-S3CRET")
    monkeypatch.setenv("HOOK_SECRET", "T0P-S3CRET")
    monkeypatch.delenv("NOWHERE", raising=False)
    more = CHATS.format(file=tmp_path / "none") + '[recipients.nowhere]\nchannel = "mail"\naddress_env = "NOWHERE"\n'
    running.settings = {"attempts": 1}
    done = running.round(running.rules("slack", "teams", "program", "nowhere", more=more), DAY_BEFORE)
    assert done == Sent(failed=4)
    errors = sorted(one.error for one in running.store.newest_messages(9))
    assert errors == [
        "channels.hook.secret: expected whsec_ and base64",
        "channels.slack.url: not encrypted: use https://, or say insecure = true",
        f"channels.teams.url_file: the file {tmp_path / 'none'} cannot be read",
        "recipients.nowhere.address_env: the variable NOWHERE is not set",
    ]
    monkeypatch.setenv("NOWHERE", "not an address")
    assert running.round(running.rules("nowhere", more=more), HOURS_BEFORE) == Sent(failed=1)
    assert "expected an e-mail address" in running.store.newest_messages(1)[0].error


def test_without_a_mail_server_nothing_is_lost(running: House) -> None:
    running.settings = {"smtp_host": None}
    assert running.round(running.rules("duty"), DAY_BEFORE) == Sent(put_off=1)
    assert running.store.newest_messages(1)[0].error == "notify.sender and notify.smtp_host are not set"


def test_mail_is_encrypted_and_the_user_is_known(running: House, tmp_path: Path) -> None:
    authority, chain = write_certificates(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)

    def known(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"greffe", b"T0P-S3CRET"), handled=False)

    chosen = {"smtp_security": "starttls", "smtp_authorities": authority, "smtp_user": "greffe"}
    with mail_server(tls_context=context, require_starttls=True, auth_required=True, authenticator=known) as mailbox:
        running.settings = {**chosen, "smtp_port": mailbox.port, "smtp_password": "T0P-S3CRET"}
        assert running.round(running.rules("duty"), DAY_BEFORE) == Sent(sent=1)
        running.settings["smtp_password"] = "wrong"  # noqa: S105 - says so
        assert running.round(running.rules("duty"), HOURS_BEFORE) == Sent(put_off=1)
        assert running.store.newest_messages(1)[0].error == "535: the mail server refuses the user or the password"
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"lease_seconds": 5, "answer_seconds": 5},
        {"smtp_user": "greffe"},
        {"smtp_security": "none", "smtp_host": "mail.example", "smtp_user": "greffe", "smtp_password": "x"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NotifySettings(**wrong)
