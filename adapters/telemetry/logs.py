"""Log lines on standard error: one JSON object each, or text for a person at a terminal.

A line has a time (UTC), a level, the event in a few fixed words, and fields from a closed list: what is not in
``FIELDS`` is left out, so that no secret, no personal data and nothing a fact says can slip in. What went wrong is told
by the class of the error and where it was raised; the words of an error are kept only when they are ours and quote no
fact.
"""

import logging
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from adapters.settings.telemetry import TelemetrySettings
from domain.errors import GreffeError, UndecodableEventError

FIELDS: dict[str, tuple[str, str]] = {
    "service": ("the name of the service", "le nom du service"),
    "logger": ("the part of greffe, or the library, that speaks", "la partie de greffe, ou la bibliothèque, qui parle"),
    "request": ("the id of an HTTP request", "l'identifiant d'une requête HTTP"),
    "trace": ("the id of the trace it belongs to", "l'identifiant de la trace dont elle fait partie"),
    "contract": ("the id of a contract", "l'identifiant d'un contrat"),
    "correlation": ("the `correlationid` of a fact", "le `correlationid` d'un fait"),
    "caller": ("the id of a key or of a token's subject", "l'identifiant d'une clé ou du sujet d'un jeton"),
    "method": ("the method of a request", "la méthode d'une requête"),
    "route": ("the route of a request, without its values", "la route d'une requête, sans ses valeurs"),
    "status": ("the status of an answer, or the state of a part", "le statut d'une réponse, ou l'état d'une partie"),
    "seconds": ("how long it took", "la durée, en secondes"),
    "topic": ("a topic of Kafka", "un sujet (topic) de Kafka"),
    "partition": ("a partition", "une partition"),
    "partitions": ("several partitions", "plusieurs partitions"),
    "offset": ("a position in a partition", "une position dans une partition"),
    "group": ("the consumer group", "le groupe de consommateurs"),
    "origin": ("the file, or the place in a topic, a fact came from", "le fichier, ou la place, d'où vient un fait"),
    "entry": ("the number of an entry of the quarantine", "le numéro d'une entrée de la quarantaine"),
    "type": ("the type of a fact", "le type d'un fait"),
    "field": ("the path of a field that is wrong", "le chemin d'un champ fautif"),
    "facts": ("how many facts", "combien de faits"),
    "recorded": ("how many were recorded", "combien ont été enregistrés"),
    "duplicates": ("how many were known already", "combien étaient déjà connus"),
    "waiting": ("how many wait for their partner", "combien attendent leur partenaire"),
    "quarantined": ("how many went to the quarantine", "combien sont allés en quarantaine"),
    "lag": ("how many messages are not yet read", "combien de messages ne sont pas encore lus"),
    "position": ("a position in the ledger", "une position dans le registre"),
    "message": ("the id of a message of the notifier", "l'identifiant d'un message du notificateur"),
    "recipient": ("the name of a recipient in the rules", "le nom d'un destinataire dans les règles"),
    "part": ("who or what did not do it: witness, timestamp, copy, ledger", "qui ou quoi n'a pas répondu"),
    "size": ("how many entries a log has", "le nombre d'entrées d'un journal de preuve"),
    "count": ("a number of things the event names", "un nombre de choses que l'événement nomme"),
    "host": ("an address listened on", "une adresse d'écoute"),
    "port": ("a port listened on", "un port d'écoute"),
    "version": ("a version of greffe or of a schema", "une version de greffe ou d'un schéma"),
    "setting": ("the name of a setting", "le nom d'un réglage"),
    "signal": ("the signal that asked to stop", "le signal qui a demandé l'arrêt"),
    "attempt": ("how many times it was tried", "combien de fois on a essayé"),
    "error": ("the class of an error", "la classe d'une erreur"),
    "reason": ("what our own error says", "ce que dit notre propre erreur"),
    "where": ("where the error was raised, innermost last", "où l'erreur est née, le plus profond en dernier"),
}
"""The fields a line may have, and what each means (English, French)."""

OWN = {"event", "level", "time"}
LONGEST = 300
DEEPEST = 12
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def start_logs(settings: TelemetrySettings, stream: TextIO | None = None) -> None:
    """Sends every log line, those of libraries from warnings up, to ``stream`` (standard error by default)."""
    out = stream or sys.stderr
    text = settings.log_format == "text" or (settings.log_format == "auto" and out.isatty())
    service = settings.service_name

    def named(_: Any, __: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        named,
        _told,
        _allowed,
    ]
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="time", sort_keys=False)]
        if text
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_of_a_library, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(LEVELS[settings.log_level], logging.WARNING))
    logging.getLogger("greffe").setLevel(LEVELS[settings.log_level])
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(part: str) -> structlog.stdlib.BoundLogger:
    """The logger of one part of greffe (``ingest``, ``api``): ``logger("ingest").info("batch recorded", facts=12)``."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"greffe.{part}")
    return found


bound = structlog.contextvars.bound_contextvars
"""``with bound(request=…, contract=…)``: every line written inside has these fields."""


def _told(_: Any, __: str, line: EventDict) -> EventDict:
    """An exception as its class, where it was raised, and its words if they are ours."""
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["where"] = list(_places(error.__traceback__))
        if isinstance(error, UndecodableEventError):
            line["field"] = error.field
        elif isinstance(error, GreffeError):
            line["reason"] = str(error)
    return line


def _places(trace: TracebackType | None) -> Iterable[str]:
    for frame in traceback.extract_tb(trace)[-DEEPEST:]:
        yield f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"


def _of_a_library(_: Any, __: str, line: EventDict) -> EventDict:
    """The line of a library: its words as it wrote them, cut; its arguments are within them."""
    record = line.get("_record")
    if isinstance(record, logging.LogRecord) and record.exc_info:
        line["exc_info"] = record.exc_info
        record.exc_info = record.exc_text = None
    return line


def _allowed(_: Any, __: str, line: EventDict) -> EventDict:
    """The fields of the closed list alone, their texts cut at a length."""
    kept = {name: value for name, value in line.items() if name in FIELDS or name in OWN or name.startswith("_")}
    for name, value in kept.items():
        if isinstance(value, str) and not name.startswith("_"):
            kept[name] = _plain(value)
    return kept


def _plain(text: str) -> str:
    """The text with what a terminal would obey written out, cut at a length."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
