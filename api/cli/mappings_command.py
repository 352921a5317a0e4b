"""``greffe mappings list|lint|try``: the files that turn the messages of operations tools into facts."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli import options

if TYPE_CHECKING:
    from adapters.mappings.apply import Result

SHIPPED = Path("examples") / "mappings"
EXAMPLE = """\
examples:
  greffe mappings lint my-alertmanager.toml
  greffe mappings try --mapping my-alertmanager.toml message.json
  greffe mappings try --mapping my-alertmanager.toml --format json - < messages.jsonl > facts.jsonl
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe mappings``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="each mapping: its tool, the version it was written for, its events")
    listed.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help=f"mapping files, or folders of them (default: {SHIPPED})"
    )
    listed.set_defaults(run=run_list)
    linted = actions.add_parser("lint", help="what is wrong with mapping files; exit status 1 on a fault")
    linted.add_argument("files", nargs="+", type=Path, metavar="FILE", help="mapping files, or folders of them")
    linted.set_defaults(run=run_lint)
    tried = actions.add_parser(
        "try", help="the events that messages would make, or why not; exit status 1 on a refusal"
    )
    tried.add_argument("messages", nargs="+", metavar="MESSAGE", help="one JSON object, or one per line; - for stdin")
    options.add_mapping(tried, required=True)
    tried.set_defaults(run=run_try)
    for action in (listed, linted, tried):
        options.add_output(action)
    parser.epilog = tried.epilog = EXAMPLE
    tried.formatter_class = argparse.RawDescriptionHelpFormatter


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per mapping. Raises InvalidMappingError."""
    from adapters.mappings.load import load_mappings  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    rows = [
        {
            "name": mapping.name,
            "tool": mapping.tool,
            "version": mapping.version,
            "types": sorted({event.type for rule in mapping.rule for event in rule.event}),
        }
        for mapping in load_mappings(chosen.files or [SHIPPED])
    ]
    if chosen.format == "json":
        sys.stdout.write(dump(rows) + "\n")
        return 0
    for row in rows:
        types = ", ".join(kind.removeprefix("greffe.").removesuffix(".v1") for kind in row["types"])
        sys.stdout.write(f"{row['name']:<24} {row['tool']}, {row['version']}: {types}\n")
    return 0


def run_lint(chosen: argparse.Namespace) -> int:
    """Prints every fault of the files. 1 when there is one."""
    from adapters.mappings.lint import lint  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.mappings.load import mapping_files  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    faults = [fault for path in mapping_files(chosen.files) for fault in lint(path.read_bytes(), str(path))[1]]
    if chosen.format == "json":
        sys.stdout.write(dump([fault.as_json() for fault in faults]) + "\n")
    else:
        lines = [fault.text(chosen.lang) for fault in faults] or [NO_FAULT[chosen.lang]]
        sys.stdout.write(_visible("\n".join(lines) + "\n"))
    return 1 if faults else 0


def run_try(chosen: argparse.Namespace) -> int:
    """Prints the events of each message, or why it gives none. 1 when something was refused.

    As JSON, the events alone go to standard output, one to a line, as ``replay`` and ``ingest`` read them.
    """
    from adapters.mappings.apply import mapping_result  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.mappings.files import messages  # noqa: PLC0415
    from adapters.mappings.load import load_mappings  # noqa: PLC0415

    mappings = load_mappings(chosen.mappings)
    refused = False
    for name in chosen.messages:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as stream:
            for place, body in messages(stream.read(), "stdin" if name == "-" else name):
                result = mapping_result(mappings, body)
                refused |= _tell(result, place, chosen)
    return 1 if refused else 0


def _tell(result: "Result", place: str, chosen: argparse.Namespace) -> bool:
    """Prints what one message gave; whether something was refused."""
    from domain.errors import UndecodableEventError  # noqa: PLC0415 - loaded only by the commands that need it

    words = WORDS[chosen.lang]
    refused = False
    if chosen.format == "text":
        sys.stdout.write(f"{place}\n")
    for body, fact in result.mapped:
        if isinstance(fact, UndecodableEventError):
            refused = True
            why = fact.french if chosen.lang == "fr" else str(fact)
            if chosen.format == "json":
                sys.stderr.write(_visible(f"{place}: {why}\n"))
            else:
                sys.stdout.write(_visible(f"  {words['refused']}: {why}\n"))
        elif chosen.format == "json":
            sys.stdout.write(body.decode() + "\n")
        else:
            sys.stdout.write(_visible(_event_line(body)))
    for reason in result.ignored if chosen.format == "text" else ():
        sys.stdout.write(_visible(f"  {words['ignored']}: {reason.fr if chosen.lang == 'fr' else reason.en}\n"))
    return refused


def _event_line(body: bytes) -> str:
    import json  # noqa: PLC0415 - loaded only by the commands that need it

    event: dict[str, Any] = json.loads(body)
    data = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in event["data"].items())
    return f"  {event['type']}  {event['subject']}  {event['time']}\n      id = {event['id']}, {data}\n"


def _visible(text: str) -> str:
    """The text with every character that a terminal would obey written out: what was received is not ours."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


NO_FAULT = {"en": "no fault", "fr": "aucun défaut"}
WORDS = {"en": {"refused": "refused", "ignored": "ignored"}, "fr": {"refused": "refusé", "ignored": "ignoré"}}
