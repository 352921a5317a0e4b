"""``greffe notify``: tells people what falls due, by the rules of a file."""

import argparse
import os
import select
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import options

if TYPE_CHECKING:
    from adapters.eventstore.store import Store
    from adapters.notify.rules import Rules
    from adapters.notify.watching import Watcher
    from adapters.settings.load import Settings

LEDGER, ADDRESS = "GREFFE_LEDGER", "GREFFE_LEDGER__ADDRESS"
DELIVER_SECONDS = 5
MOST = 100
ACTIONS = {
    "run": "look and send until interrupted",
    "lint": "whether the file of rules is well-formed; 1 where it is not",
    "list": "what waits, what was sent, what failed and what is in doubt",
    "ack": "somebody deals with it: ends the escalation of the notification ID",
    "test": "send a message that says it is a test to the recipient NAME",
    "deliver": "only send what is planned already; ends when its standard input does",
}
EXAMPLE = """\
actions:
{actions}

Nothing is sent twice by a restart: what is told has an identity, kept in the ledger's database. Of the two processes
that run, the one that sends ends what it began when the other is gone. How rules are written: docs/notifications.md.

examples:
  greffe notify lint --rules rules.toml
  greffe notify --dry-run --rules rules.toml --ledger greffe.db --lang fr
  greffe notify test duty --rules rules.toml
  greffe notify --config /etc/greffe/notify.toml
"""
WORDS = {
    "en": {
        "sound": "{path}: {rules} rules, {recipients} recipients, {channels} channels",
        "nothing": "nothing would be sent",
        "acknowledged": "{id}: {count} notifications acknowledged",
        "unknown": "there is no notification {id} that was sent and is not acknowledged",
        "once": "{sent} sent, {put_off} to be tried again, {failed} given up, {doubtful} in doubt",
        "tested": "sent to {name}",
        "refused": "not sent to {name}: {why}",
    },
    "fr": {
        "sound": "{path} : {rules} règles, {recipients} destinataires, {channels} canaux",
        "nothing": "rien ne serait envoyé",
        "acknowledged": "{id} : {count} notifications prises en charge",
        "unknown": "il n'y a pas de notification {id} envoyée et à prendre en charge",
        "once": "{sent} envoyés, {put_off} à réessayer, {failed} abandonnés, {doubtful} dans le doute",
        "tested": "envoyé à {name}",
        "refused": "non envoyé à {name} : {why}",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe notify``."""
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="run", metavar="ACTION", help="default: run")
    parser.add_argument("what", nargs="?", metavar="ID|NAME", help="ack: the notification; test: the recipient")
    parser.add_argument("--rules", type=Path, metavar="FILE", help="the rules (default: the setting notify.rules)")
    parser.add_argument("--once", action="store_true", help="run: look and send once, then end")
    parser.add_argument("--dry-run", action="store_true", help="run: print what would be sent and why, send nothing")
    options.add_config(parser)
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE.format(actions="\n".join(f"  {name:8}{does}" for name, does in ACTIONS.items()))
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Does the action."""
    from adapters.notify.load import NoRulesError, read_rules  # noqa: PLC0415 - loaded only by those that need it
    from adapters.settings.load import load  # noqa: PLC0415

    if (chosen.action in {"ack", "test"}) != (chosen.what is not None):
        raise NoRulesError(
            "ack takes the ID of a notification, test the NAME of a recipient; the other actions take neither",
            "ack prend l'ID d'une notification, test le NAME d'un destinataire ; les autres actions rien",
        )
    settings = load(os.environ, chosen.config).settings
    chosen.rules = chosen.rules or settings.notify.rules
    match chosen.action:
        case "list":
            return _list(chosen)
        case "ack":
            return _acknowledge(chosen)
    if chosen.rules is None:
        raise NoRulesError(
            "which rules? give --rules, or the setting notify.rules",
            "quelles règles ? donnez --rules, ou le réglage notify.rules",
        )
    if chosen.action == "lint":
        return _lint(chosen)
    rules = read_rules(chosen.rules)
    match chosen.action:
        case "test":
            return _test(chosen, settings, rules)
        case "deliver":
            return _deliver(chosen, settings, rules)
        case _ if chosen.once or chosen.dry_run:
            return _once(chosen, settings, rules)
        case _:
            return _run(chosen, settings, rules)


def _lint(chosen: argparse.Namespace) -> int:
    from adapters.notify.load import RulesError, read_rules  # noqa: PLC0415 - loaded only by those that need it
    from projections.spelling import dump  # noqa: PLC0415

    faults: list[dict[str, str]] = []
    said = ""
    try:
        rules = read_rules(chosen.rules)
        counts = {name: len(getattr(rules, name)) for name in ("rules", "recipients", "channels")}
        said = WORDS[chosen.lang]["sound"].format(path=chosen.rules, **counts)
    except RulesError as error:
        faults = [{"place": one.place, "en": one.english, "fr": one.french} for one in error.faults]
        said = error.text(chosen.lang)
    sys.stdout.write(dump({"faults": faults}) + "\n" if chosen.format == "json" else f"{said}\n")
    return 1 if faults else 0


def _watcher(store: "Store", settings: "Settings", rules: "Rules") -> "Watcher":
    """Who looks at the ledger."""
    from adapters.bootstrap import ledger_of  # noqa: PLC0415 - loaded only by those that need it
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415
    from adapters.notify.watching import Watcher  # noqa: PLC0415
    from domain.readings import select  # noqa: PLC0415

    catalogue = load_catalogue(settings.ledger.agreements)
    return Watcher(ledger_of(store, catalogue), catalogue, select(load_switches(), []), rules)


def _once(chosen: argparse.Namespace, settings: "Settings", rules: "Rules") -> int:
    """One round, or what it would do. 1 where something was given up or is in doubt."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.notify.rounds import plan_round, send_round  # noqa: PLC0415
    from adapters.notify.sending import Sender  # noqa: PLC0415
    from adapters.notify.telling import line, plan_json  # noqa: PLC0415
    from adapters.telemetry.logs import start_logs  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        watcher = _watcher(store, settings, rules)
        if chosen.dry_run:
            found = [*store.waiting(), *watcher.preview(now()).found]
            if chosen.format == "json":
                sys.stdout.write(dump([plan_json(one) for one in found]) + "\n")
            else:
                lines = [line(one, chosen.lang) for one in found] or [WORDS[chosen.lang]["nothing"]]
                sys.stdout.write("\n".join(lines) + "\n")
            return 0
        start_logs(settings.telemetry)
        plan_round(store, watcher, now)
        done = send_round(Sender(store, rules, settings.notify, now, _console(settings)))
    told = done._asdict()
    sys.stdout.write(dump(told) + "\n" if chosen.format == "json" else WORDS[chosen.lang]["once"].format(**told) + "\n")
    return 1 if done.failed or done.doubtful else 0


def _run(chosen: argparse.Namespace, settings: "Settings", rules: "Rules") -> int:
    """Looks, and has another process send: that one outlives this one for as long as its message takes."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.notify.rounds import look_until, plan_round  # noqa: PLC0415
    from adapters.telemetry.logs import start_logs  # noqa: PLC0415
    from adapters.telemetry.metrics import serve_metrics  # noqa: PLC0415
    from api.cli.stopping import stop_on_signals  # noqa: PLC0415

    start_logs(settings.telemetry)
    with ExitStack() as stack:
        stack.callback(serve_metrics(settings.telemetry)[1])
        store = stack.enter_context(opened(chosen.ledger))
        stopping = stack.enter_context(stop_on_signals())
        courier = _Courier(chosen)
        stack.callback(courier.stop)
        watcher = _watcher(store, settings, rules)

        def look() -> None:
            courier.keep()
            plan_round(store, watcher, now)

        look_until(stopping, look, now, settings.notify.look_seconds, time.sleep)
    return 0


class _Courier:
    """The process that sends; it ends what it began when its standard input does, for whatever reason."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._words = [sys.executable, "-m", "api.cli.main", "notify", "deliver", "--rules", str(chosen.rules)]
        if chosen.config is not None:
            self._words += ["--config", str(chosen.config)]
        environ = {name: value for name, value in os.environ.items() if name != ADDRESS}
        self._environ = environ | {LEDGER: chosen.ledger}  # not among the words: they are for everybody to see
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Starts it where it does not run."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._words, stdin=subprocess.PIPE, env=self._environ, start_new_session=True
            )

    def stop(self) -> None:
        """Waits until it has ended what it began."""
        if self._process is not None:
            self._process.communicate()


def _deliver(chosen: argparse.Namespace, settings: "Settings", rules: "Rules") -> int:
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.notify.rounds import look_until, send_round  # noqa: PLC0415
    from adapters.notify.sending import Sender  # noqa: PLC0415
    from adapters.telemetry.logs import start_logs  # noqa: PLC0415

    start_logs(settings.telemetry)
    with opened(chosen.ledger) as store:
        sender = Sender(store, rules, settings.notify, now, _console(settings))
        seconds = min(settings.notify.look_seconds, DELIVER_SECONDS)
        look_until(_input_ended, lambda: send_round(sender, _input_ended), now, seconds, _input_ended)
    return 0


def _input_ended(seconds: float = 0) -> bool:
    """Whether the standard input has ended, waiting so long for it: who started this process is gone, or stops."""
    return bool(select.select([sys.stdin], [], [], seconds)[0])


def _console(settings: "Settings") -> str | None:
    """Where people find the console."""
    return settings.server.public_address or None


def _test(chosen: argparse.Namespace, settings: "Settings", rules: "Rules") -> int:
    """Sends one message to one recipient. 1 where it did not leave."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.notify.delivery import DoubtError, UndeliveredError  # noqa: PLC0415
    from adapters.notify.letter import test_letter  # noqa: PLC0415
    from adapters.notify.load import NoRulesError  # noqa: PLC0415
    from adapters.notify.reaching import Reach  # noqa: PLC0415

    who = rules.recipients.get(chosen.what)
    if who is None:
        known = ", ".join(sorted(rules.recipients))
        raise NoRulesError(
            f"no recipient {chosen.what!r}; there is {known}", f"pas de destinataire {chosen.what!r} ; il y a {known}"
        )
    words = WORDS[chosen.lang]
    with opened(chosen.ledger) as store:
        reach = Reach(store, rules, settings.notify, now)
        try:
            reach.send(test_letter(chosen.what, who.lang, now()), chosen.what, set(store.subjects()), lambda: None)
        except (UndeliveredError, DoubtError) as error:
            sys.stderr.write(f"greffe: {words['refused'].format(name=chosen.what, why=error)}\n")
            return 1
        finally:
            reach.close()
    sys.stdout.write(words["tested"].format(name=chosen.what) + "\n")
    return 0


def _list(chosen: argparse.Namespace) -> int:
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.notify.telling import line, message_json, message_line, plan_json  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        waiting = store.waiting()
        messages = [(one, store.notifications_in(one.id)) for one in store.newest_messages(MOST)]
    if chosen.format == "json":
        told = {"waiting": [plan_json(one) for one in waiting], "messages": [message_json(*one) for one in messages]}
        sys.stdout.write(dump(told) + "\n")
        return 0
    lines = [line(one, chosen.lang) for one in waiting]
    for message, carried in messages:
        lines += [message_line(message, chosen.lang), *(f"    {line(one, chosen.lang)}" for one in carried)]
    sys.stdout.write("".join(f"{one}\n" for one in lines))
    return 0


def _acknowledge(chosen: argparse.Namespace) -> int:
    """1 where no notification of this id was sent, or it is acknowledged already."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415
    from api.cli import access_store  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store, store.notifying() as outbox:
        count = outbox.acknowledge(chosen.what, now())
    with access_store.opened(chosen) as access:
        access_store.keep(access, "notify ack", chosen.what, status=0 if count else 1)
    if chosen.format == "json":
        sys.stdout.write(dump({"notification": chosen.what, "acknowledged": count}) + "\n")
    else:
        said = WORDS[chosen.lang]["acknowledged" if count else "unknown"].format(id=chosen.what, count=count)
        sys.stdout.write(f"{said}\n")
    return 0 if count else 1
