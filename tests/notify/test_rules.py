"""Files of rules: what is refused, where, with the nearest name, in both languages."""

from pathlib import Path

import pytest

from adapters.notify.load import RulesError, parse_rules, read_rules
from adapters.notify.rules import Rules

SOUND = """\
version = 1

[channels.mail]
kind = "email"

[channels.desk]
kind = "webhook"
url = "https://desk.example/hook"
secret_env = "DESK_SECRET"

[quiet.night]
from = "20:00"
to = "07:00"
passes = ["high"]

[digests.monday]
every = "week"
on = "monday"
at = "08:00"

[recipients.duty]
channel = "mail"
address = "duty@client.example"
lang = ["fr"]
quiet = ["night"]

[recipients.desk]
channel = "desk"

[[rules]]
name = "claims"
about = "deadline"
ids = ["outscale-cgv-2019/*"]
owed_by = ["client"]
before = ["30d", "2h"]
to = ["duty"]
note = { en = "Ask legal.", fr = "Voir le juridique." }

[[rules.escalate]]
after = "4h"
to = ["desk"]

[[rules]]
name = "budgets"
about = "budget"
percent = [50, 100]
to = ["desk"]
digest = "monday"
"""


def rules(text: str = SOUND) -> Rules:
    return parse_rules(text, Path("rules.toml"))


def faults(*changes: tuple[str, str], lang: str = "en") -> list[str]:
    """What is said of the file with some words changed."""
    text = SOUND
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    with pytest.raises(RulesError) as refused:
        rules(text)
    return [fault.text(lang) for fault in refused.value.faults]


def test_a_sound_file_is_read() -> None:
    read = rules()
    assert read.channel_of("duty") == read.channels["mail"]
    assert read.channel_of("nobody") is None
    assert [str(span) for span in read.rules[0].before] == ["30d", "2h"]
    assert read.quiets("duty", "high") == []
    assert len(read.quiets("duty", "low")) == 1
    assert read.rules[0].concerns("C-1", "outscale-cgv-2019/reserve-48h", "client")
    assert not read.rules[0].concerns("C-1", "outscale-cgv-2019/reserve-48h", "provider")
    assert not read.rules[0].concerns("C-1", "ct-secure-temple/x", "client")


@pytest.mark.parametrize(
    ("change", "english", "french"),
    [
        (
            ('before = ["30d"', 'befor = ["30d"'),
            "rules[0].befor: no such field; did you mean 'before'?",
            "rules[0].befor : champ inconnu ; vouliez-vous dire 'before' ?",
        ),
        (
            ('kind = "email"', 'kind = "emial"'),
            "channels.mail.kind: expected 'email', 'webhook', 'slack', 'teams' or 'mattermost'; did you mean 'email'?",
            (
                "channels.mail.kind : attendu : 'email', 'webhook', 'slack', 'teams' ou 'mattermost' ;"
                " vouliez-vous dire 'email' ?"
            ),
        ),
        (
            ('channel = "mail"', 'channel = "mial"'),
            "recipients.duty.channel: there is no channel 'mial'; did you mean 'mail'?",
            "recipients.duty.channel : il n'y a pas de canal 'mial' ; vouliez-vous dire 'mail' ?",
        ),
        (
            ('to = ["duty"]', 'to = ["dut"]'),
            "rules[0].to: there is no recipient 'dut'; did you mean 'duty'?",
            "rules[0].to : il n'y a pas de destinataire 'dut' ; vouliez-vous dire 'duty' ?",
        ),
        (
            ('to = ["desk"]\n\n', 'to = ["disk"]\n\n'),
            "rules[0].escalate[0].to: there is no recipient 'disk'; did you mean 'desk'?",
            "rules[0].escalate[0].to : il n'y a pas de destinataire 'disk' ; vouliez-vous dire 'desk' ?",
        ),
        (
            ('digest = "monday"', 'digest = "xyz"'),
            "rules[1].digest: there is no digest 'xyz'",
            "rules[1].digest : il n'y a pas de synthèse 'xyz'",
        ),
        (
            ('"2h"', '"2x"'),
            "rules[0].before[1]: expected a span such as 30d, 12h, 45m or 2w",
            "rules[0].before[1] : attendu : une durée telle que 30d, 12h, 45m ou 2w",
        ),
        (
            ('from = "20:00"', 'from = "25:00"'),
            "quiet.night.from: expected an hour such as 08:00",
            "quiet.night.from : attendu : une heure telle que 08:00",
        ),
        (
            ('to = "07:00"', 'to = "07:00"\nzone = "Europe/Pariss"'),
            "quiet.night.zone: expected a time zone such as Europe/Paris",
            "quiet.night.zone : attendu : un fuseau tel que Europe/Paris",
        ),
        (
            ('on = "monday"\n', ""),
            "digests.monday: a weekly digest needs on = a day; a daily one has none",
            "digests.monday : une synthèse hebdomadaire veut on = un jour ; une quotidienne n'en a pas",
        ),
        (
            ("https://desk.example", "http://desk.example"),
            "channels.desk: url: not encrypted: use https://, or say insecure = true",
            "channels.desk : url : non chiffrée : prenez https://, ou dites insecure = true",
        ),
        (
            ("DESK_SECRET", "GREFFE_SECRET"),
            "channels.desk.secret_env: variables that start with GREFFE_ are settings: choose another name",
            (
                "channels.desk.secret_env : les variables qui commencent par GREFFE_ sont des réglages : choisissez un"
                " autre nom"
            ),
        ),
        (
            ('secret_env = "DESK_SECRET"\n', ""),
            "channels.desk: a webhook is signed: give one of secret_env and secret_file; other channels have none",
            (
                "channels.desk : un webhook est signé : donnez l'un de secret_env et secret_file ; les autres canaux"
                " n'en ont pas"
            ),
        ),
        (
            ('kind = "email"', 'kind = "email"\nurl = "https://x.example"'),
            (
                "channels.mail: an e-mail channel takes no address and no secret: the server is in the settings"
                " (notify.smtp_…)"
            ),
            (
                "channels.mail : un canal e-mail ne prend ni adresse ni secret : le serveur est dans les réglages"
                " (notify.smtp_…)"
            ),
        ),
        (
            ('url = "https://desk.example/hook"\n', ""),
            "channels.desk: give one of url, url_env and url_file",
            "channels.desk : donnez l'un de url, url_env et url_file",
        ),
        (
            ("duty@client.example", "duty at client.example"),
            "recipients.duty: address: expected an e-mail address",
            "recipients.duty : address : attendu : une adresse e-mail",
        ),
        (
            ('address = "duty@client.example"\n', ""),
            (
                "recipients.duty: by e-mail, give one of address, address_env, address_file and contact; by another"
                " channel, none"
            ),
            (
                "recipients.duty : par e-mail, donnez l'un de address, address_env, address_file et contact ; par un"
                " autre canal, aucun"
            ),
        ),
        (
            ('from = "20:00"\nto = "07:00"', 'from = "00:00"\nto = "00:00"'),
            "recipients.duty.quiet: these quiet hours leave no hour of the week",
            "recipients.duty.quiet : ces plages de calme ne laissent aucune heure",
        ),
        (
            ('name = "budgets"', 'name = "claims"'),
            "rules[1].name: 'claims' names two rules",
            "rules[1].name : 'claims' nomme deux règles",
        ),
        (
            ("percent = [50, 100]\n", ""),
            "rules[1]: percent: is required",
            "rules[1] : percent : est obligatoire",
        ),
        (
            ("percent = [50, 100]", "percent = [0]"),
            "rules[1].percent[0]: expected at least 1",
            "rules[1].percent[0] : attendu : au moins 1",
        ),
        (
            ("percent = [50, 100]", 'percent = [50]\nbefore = ["1d"]'),
            "rules[1]: before and owed_by are for deadlines; a budget or a support clock takes percent",
            "rules[1] : before et owed_by valent pour les échéances ; un budget ou un délai de support prend percent",
        ),
        (
            ('before = ["30d", "2h"]', "percent = [50]"),
            "rules[0]: percent: is for budgets and support clocks",
            "rules[0] : percent : vaut pour les budgets et le support",
        ),
        (
            ('before = ["30d", "2h"]', "missed = false"),
            "rules[0]: nothing to tell: give before, missed or settled",
            "rules[0] : rien à dire : before, missed ou settled",
        ),
        (("version = 1", "version = 2"), "version: expected 1", "version : attendu : 1"),
        (("version = 1\n", ""), "version: is required", "version : est obligatoire"),
        (
            ('fr = "Voir le juridique."', 'fi = "Kysy."'),
            "rules[0].note.fr: is required",
            "rules[0].note.fr : est obligatoire",
        ),
    ],
)
def test_a_fault_names_its_place_and_what_was_meant(change: tuple[str, str], english: str, french: str) -> None:
    assert faults(change)[0] == english
    assert faults(change, lang="fr")[0] == french


def test_every_fault_is_said_at_once() -> None:
    assert len(faults(('"2h"', '"2x"'), ('from = "20:00"', 'from = "8"'), ("version = 1", "version = 3"))) == 3


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example", "https://", "https://u:p@x.example", "https://169.254.169.254/x", "https://x.example/a b"],
)
def test_addresses_that_could_leak_or_reach_the_wrong_machine_are_refused(url: str) -> None:
    assert faults(("https://desk.example/hook", url))[0].startswith("channels.desk: url: ")


def test_clear_text_is_for_this_machine_or_said_to_be_meant() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert rules(SOUND.replace("https://desk.example", f"http://{host}:9000"))
    assert rules(SOUND.replace('url = "https://desk.example/hook"', 'url = "http://desk.internal/"\ninsecure = true'))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(RulesError) as refused:
            read_rules(path)
        return refused.value.text("fr") + str(refused.value)

    assert "illisible : No such file" in said(tmp_path / "none.toml")
    (tmp_path / "text.toml").write_text("version =")
    assert "is not TOML" in said(tmp_path / "text.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    assert "is not UTF-8" in said(tmp_path / "bytes.toml")
    (tmp_path / "rules.toml").write_text(SOUND)
    assert read_rules(tmp_path / "rules.toml") == rules()
