"""The client of the broker, made from the settings. What delivery rests on is set here and nowhere else."""

from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from adapters.kafka.credentials import refusal_of
from adapters.settings.kafka import KafkaSettings
from domain.errors import BrokerAbsentError, BrokerError

CONSUMER_ONLY = frozenset(
    {
        *("client_rack", "fetch_min_bytes", "fetch_max_wait_ms", "fetch_max_bytes", "max_partition_fetch_bytes"),
        *("session_timeout_ms", "heartbeat_interval_ms", "max_poll_interval_ms"),
    }
)
SEND_SECONDS = 30


def make_consumer(settings: KafkaSettings) -> KafkaConsumer:
    """A member of the group, subscribed to nothing yet.

    Raises BrokerAbsentError where no broker answers, BrokerError where one refuses us.
    """
    return _made(
        KafkaConsumer,
        settings,
        {
            **_reading(settings),
            "group_id": settings.group,
            "group_instance_id": settings.member,
            "max_poll_records": settings.batch_facts,
        },
    )


def make_reader(settings: KafkaSettings) -> KafkaConsumer:
    """A consumer of no group, which takes nothing from anybody. Raises BrokerError as ``make_consumer``."""
    return _made(KafkaConsumer, settings, {**_reading(settings), "group_id": None})


def make_producer(settings: KafkaSettings) -> KafkaProducer:
    """A producer whose sends are acknowledged by every replica in step. Raises BrokerError as ``make_consumer``."""
    common = {name: value for name, value in settings.passed_on().items() if name not in CONSUMER_ONLY}
    return _made(
        KafkaProducer,
        settings,
        {**common, "acks": "all", "max_block_ms": SEND_SECONDS * 1000, "metrics_enabled": False},
    )


def _reading(settings: KafkaSettings) -> dict[str, Any]:
    """The ledger holds the positions, so nothing is committed by itself and nothing is reset by itself.

    What a transaction left aborted is not read; a topic that does not exist is not made by asking for it.
    """
    return {
        "fetch_max_bytes": settings.batch_bytes,
        **settings.passed_on(),
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "isolation_level": "read_committed",
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }


def _made(kind: Callable[..., Any], settings: KafkaSettings, options: dict[str, Any]) -> Any:
    connection = _connection(settings)
    try:
        return kind(**connection, **options)
    except KafkaTimeoutError as error:
        refused = refusal_of(settings, {**options, **connection})
        if refused is not None:
            raise BrokerError(
                f"Kafka at {', '.join(settings.bootstrap)} refuses the user {settings.sasl_user!r}"
                f" by {settings.sasl_mechanism}: {refused}. See kafka.sasl_user, kafka.sasl_password and"
                " kafka.sasl_mechanism",
                f"Kafka à {', '.join(settings.bootstrap)} refuse l'utilisateur « {settings.sasl_user} » par"
                f" {settings.sasl_mechanism} : {refused}. Voyez kafka.sasl_user, kafka.sasl_password et"
                " kafka.sasl_mechanism",
            ) from None
        raise BrokerAbsentError(
            f"no broker answers at {', '.join(settings.bootstrap)}: {said(error)}",
            f"aucun serveur Kafka ne répond à {', '.join(settings.bootstrap)} : {said(error)}",
        ) from None
    except (KafkaError, OSError, ValueError, AssertionError) as error:
        raise BrokerError(
            f"Kafka at {', '.join(settings.bootstrap)} cannot be used: {said(error)}",
            f"Kafka à {', '.join(settings.bootstrap)} est inutilisable : {said(error)}",
        ) from None


def _connection(settings: KafkaSettings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.bootstrap),
        "security_protocol": settings.security_protocol,
    }
    for name, path in (
        ("ssl_cafile", settings.ssl_authority),
        ("ssl_certfile", settings.ssl_certificate),
        ("ssl_keyfile", settings.ssl_key),
    ):
        if path is not None:
            options[name] = str(path)
    if settings.ssl_key_password is not None:
        options["ssl_password"] = settings.ssl_key_password.get_secret_value()
    if settings.security_protocol.startswith("SASL") and settings.sasl_password is not None:
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_user,
            "sasl_plain_password": settings.sasl_password.get_secret_value(),
        }
    return options


def said(error: BaseException) -> str:
    """What the client said, on one line."""
    return " ".join(str(error).split()) or type(error).__name__
