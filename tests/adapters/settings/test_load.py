"""Settings: from the environment, a file and secret files; what is wrong is said by name, in both languages."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence.notes import Signer, verifier
from adapters.evidence.verify import COSIGNATURE, ED25519
from adapters.settings.evidence import authority_of, witness_of
from adapters.settings.load import HIDDEN, Settings, SettingsError, load, shown
from tools.configuration import PAGES, page, stale


def refusal(environ: dict[str, str], config: Path | None = None) -> tuple[list[str], list[str]]:
    with pytest.raises(SettingsError) as caught:
        load(environ, config)
    return caught.value.english.splitlines(), caught.value.french.splitlines()


def written(folder: Path, text: str) -> Path:
    path = folder / "greffe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_the_defaults_stand() -> None:
    assert load({"PATH": "/bin"}).settings == Settings()


def test_a_variable_names_its_section_and_key_and_lists_have_commas() -> None:
    loaded = load({"GREFFE_KAFKA__BOOTSTRAP": "a:9092, b:9092", "GREFFE_SERVER__PORT": "81"})
    assert loaded.settings.kafka.bootstrap == ("a:9092", "b:9092")
    assert loaded.settings.server.port == 81
    assert loaded.origins["server", "port"] == "GREFFE_SERVER__PORT"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    path = written(tmp_path, '[kafka]\ntopic = "one"\ngroup = "two"\n')
    for loaded in (
        load({"GREFFE_KAFKA__TOPIC": "three"}, path),
        load({"GREFFE_KAFKA__TOPIC": "three", "GREFFE_CONFIG": str(path)}),
    ):
        assert (loaded.settings.kafka.topic, loaded.settings.kafka.group) == ("three", "two")
        assert loaded.settings.kafka.quarantine_topic == "greffe.quarantine"
        assert loaded.origins["kafka", "group"] == f"{path}: kafka.group"


def test_the_address_of_the_ledger_has_a_short_name() -> None:
    assert load({"GREFFE_LEDGER": "here.db"}).settings.ledger.address == "here.db"
    assert refusal({"GREFFE_LEDGER": "a.db", "GREFFE_LEDGER__ADDRESS": "b.db"}) == (
        ["GREFFE_LEDGER__ADDRESS: says the same as GREFFE_LEDGER; give one"],
        ["GREFFE_LEDGER__ADDRESS : fait double emploi avec GREFFE_LEDGER"],
    )


def test_a_secret_may_be_a_file_named_in_the_environment_or_in_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://greffe:one two@db/greffe\n", encoding="utf-8")
    path = written(tmp_path, f'[ledger]\naddress_file = "{secret}"\n')
    for loaded in (load({"GREFFE_LEDGER_FILE": str(secret)}), load({}, path)):
        assert loaded.settings.ledger.address == "postgresql://greffe:one two@db/greffe"
    english, french = refusal({"GREFFE_LEDGER_FILE": str(tmp_path / "none")})
    assert english == [f"GREFFE_LEDGER_FILE: the file {tmp_path / 'none'} cannot be read: No such file or directory"]
    assert french[0].startswith("GREFFE_LEDGER_FILE : le fichier ")


def test_an_unknown_variable_or_key_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    english, french = refusal(
        {"GREFFE_KAFKA__TOPICS": "x"}, written(tmp_path, "[server]\nports = 1\n[severs]\nport = 1\n")
    )
    path = tmp_path / "greffe.toml"
    assert english == [
        "GREFFE_KAFKA__TOPICS: no such variable; did you mean GREFFE_KAFKA__TOPIC?",
        f"{path}: server.ports: no such key; did you mean server.port?",
        f"{path}: severs: no such table; did you mean server?",
    ]
    assert french[0] == "GREFFE_KAFKA__TOPICS : variable inconnue ; vouliez-vous dire GREFFE_KAFKA__TOPIC ?"


def test_everything_wrong_is_said_at_once_with_what_is_expected(tmp_path: Path) -> None:
    english, french = refusal(
        {"GREFFE_SERVER__PORT": "http", "GREFFE_TELEMETRY__LOG_LEVEL": "loud"},
        written(tmp_path, "[kafka]\ntopic = 3\n"),
    )
    assert english == [
        f"{tmp_path / 'greffe.toml'}: kafka.topic: expected a text that is not empty, got 3",
        "GREFFE_SERVER__PORT: expected a whole number, at least 0, at most 65535, got 'http'",
        "GREFFE_TELEMETRY__LOG_LEVEL: expected debug or info or warning or error, got 'loud'",
    ]
    assert french[1] == "GREFFE_SERVER__PORT : attendu : un nombre entier, au moins 0, au plus 65535 ; reçu : 'http'"


def test_a_file_that_is_no_toml_or_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal({"GREFFE_CONFIG": str(tmp_path / "none.toml")})[0] == [
        f"{tmp_path / 'none.toml'}: No such file or directory"
    ]
    assert refusal({}, written(tmp_path, "kafka\n"))[0][0].startswith(f"{tmp_path / 'greffe.toml'}: not TOML: ")
    assert refusal({}, written(tmp_path, "kafka = 3\n"))[0] == [f"{tmp_path / 'greffe.toml'}: kafka: expected a table"]


def test_no_secret_is_shown_nor_told_in_a_refusal() -> None:
    loaded = load(
        {
            "GREFFE_LEDGER": "postgresql://greffe:swordfish@db/greffe?password=swordfish",
            "GREFFE_TELEMETRY__OTLP_AUTHORIZATION": "swordfish",
        }
    )
    rows = {row["setting"]: row["value"] for row in shown(loaded)}
    assert rows["ledger.address"] == f"postgresql://greffe:{HIDDEN}@db/greffe?password={HIDDEN}"
    assert rows["telemetry.otlp_authorization"] == HIDDEN
    assert "swordfish" not in f"{loaded}".replace(loaded.settings.ledger.address, "")
    english, french = refusal({"GREFFE_LEDGER": "", "GREFFE_SERVER__PORT": "-1"})
    assert english[0] == "GREFFE_LEDGER: expected a text that is not empty"
    assert french[0] == "GREFFE_LEDGER : attendu : un texte non vide"


def test_the_pages_show_every_setting_as_the_models_have_it() -> None:
    assert stale() == [], "python -m tools.configuration rewrites them"
    assert all("GREFFE_TELEMETRY__LOG_LEVEL" in page(lang) for lang in PAGES.values())


def test_the_password_of_the_ledger_may_stand_beside_its_address(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("one/two@three\n", encoding="utf-8")
    for address in ("postgresql://greffe@db:5432/greffe", "postgresql://greffe:other@db:5432/greffe"):
        loaded = load({"GREFFE_LEDGER": address, "GREFFE_LEDGER__PASSWORD_FILE": str(secret)})
        assert loaded.settings.ledger.dsn == "postgresql://greffe:one%2Ftwo%40three@db:5432/greffe"
    assert load({"GREFFE_LEDGER": "a.db", "GREFFE_LEDGER__PASSWORD": "x"}).settings.ledger.dsn == "a.db"


def key(algorithm: int) -> str:
    return verifier(Signer("counsel.example/w", Ed25519PrivateKey.from_private_bytes(b"3" * 32), algorithm).key)


def test_witnesses_and_authorities_are_settings_of_several_words() -> None:
    witness = f"{key(COSIGNATURE)}  https://counsel.example"
    authority = "http://tsa.example/tsr roots.pem 1.2.3 0.4.0.2023.1.1"
    loaded = load({"GREFFE_EVIDENCE__WITNESSES": witness, "GREFFE_EVIDENCE__AUTHORITIES": f"{authority},{authority}"})
    evidence = loaded.settings.evidence
    assert [witness_of(one) for one in evidence.witnesses] == [(key(COSIGNATURE), "https://counsel.example")]
    assert [authority_of(one) for one in evidence.authorities] == 2 * [
        ("http://tsa.example/tsr", Path("roots.pem"), ("1.2.3", "0.4.0.2023.1.1"))
    ]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("WITNESSES", "nonsense https://w.example", "nonsense: malformed key"),
        ("WITNESSES", f"{key(ED25519)} https://w.example", "the key of a log, not of a witness"),
        ("WITNESSES", key(COSIGNATURE), "no address: expected an address"),
        ("WITNESSES", f"{key(COSIGNATURE)} https://w.example more", "more: nothing comes after"),
        ("AUTHORITIES", "https://tsa.example", "the file of its root certificates is missing"),
        ("AUTHORITIES", "ftp://tsa.example roots.pem", "ftp://tsa.example: expected an address"),
        ("AUTHORITIES", "https://tsa.example roots.pem policy", "policy: not an OID"),
    ],
)
def test_what_names_no_witness_or_authority_is_refused_with_the_reason(name: str, value: str, why: str) -> None:
    english, _ = refusal({f"GREFFE_EVIDENCE__{name}": value})
    assert english[0].startswith(f"GREFFE_EVIDENCE__{name}: expected a list")
    assert why in english[0]


SIGN_IN = {
    "GREFFE_IDENTITY__OIDC_ISSUER": "https://login.example",
    "GREFFE_IDENTITY__OIDC_AUDIENCE": "greffe",
    "GREFFE_IDENTITY__OIDC_CLIENT": "console",
    "GREFFE_SERVER__PUBLIC_ADDRESS": "https://greffe.example/",
}


def test_sign_in_in_the_browser_takes_an_issuer_and_the_address_to_come_back_to() -> None:
    assert load(SIGN_IN).settings.server.public_address == "https://greffe.example"
    without = {name: value for name, value in SIGN_IN.items() if name != "GREFFE_SERVER__PUBLIC_ADDRESS"}
    english, french = refusal(without)
    assert english == ["identity.oidc_client goes with server.public_address"]
    assert french == ["identity.oidc_client va avec server.public_address"]
    for names in (["OIDC_CLIENT"], ["OIDC_CLIENT_SECRET"]):
        said = refusal({f"GREFFE_IDENTITY__{name}": "x" for name in names} | {"GREFFE_IDENTITY__OIDC_SCOPES": "openid"})
        assert "goes with" in said[0][0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVER__PUBLIC_ADDRESS", "http://greffe.example"),
        ("SERVER__PUBLIC_ADDRESS", "https://greffe.example/under"),
        ("IDENTITY__OIDC_SCOPES", "profile"),
    ],
)
def test_address_that_others_can_listen_to_and_scopes_without_openid_are_refused(name: str, value: str) -> None:
    assert refusal({f"GREFFE_{name}": value})[0][0].startswith(f"GREFFE_{name}")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"GREFFE_KAFKA__CLIENT": "acks=0"}, "'acks' is not a client setting that may be given"),
        ({"GREFFE_KAFKA__CLIENT": "[acks"}, "GREFFE_KAFKA__CLIENT: expected"),
        ({"GREFFE_KAFKA__SECURITY_PROTOCOL": "SASL_SSL"}, "SASL_SSL needs kafka.sasl_user and kafka.sasl_password"),
        ({"GREFFE_KAFKA__SSL_CERTIFICATE": "x.pem"}, "kafka.ssl_certificate and kafka.ssl_key go together"),
    ],
)
def test_what_the_client_of_the_broker_cannot_use_is_refused_by_name(environ: dict[str, str], said: str) -> None:
    english, french = refusal(environ)
    assert said in english[0]
    assert french[0].startswith("GREFFE_KAFKA__")


def test_setting_and_its_file_are_not_both_given(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("here.db", encoding="utf-8")
    path = written(tmp_path, f'[ledger]\naddress = "there.db"\naddress_file = "{secret}"\n')
    assert refusal({}, path) == (
        [f"{path}: ledger.address_file: says the same as address; give one"],
        [f"{path} : ledger.address_file : fait double emploi avec address"],
    )


def test_settings_of_the_client_are_numbers_where_they_look_so() -> None:
    loaded = load({"GREFFE_KAFKA__CLIENT": "session_timeout_ms=5, client_rack=here"})
    assert loaded.settings.kafka.passed_on() == {"session_timeout_ms": 5, "client_rack": "here"}
