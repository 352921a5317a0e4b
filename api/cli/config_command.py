"""``greffe config check|show``: whether the settings can be used, and what they are."""

import argparse
import os
import sys

from api.cli import options

EXAMPLE = """\
examples:
  greffe config check --config greffe.toml
  GREFFE_KAFKA__TOPIC=facts greffe config show
"""
WORDS = {
    "en": {"sound": "the settings can be used", "default": "default"},
    "fr": {"sound": "la configuration est utilisable", "default": "défaut"},
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe config``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    checked = actions.add_parser("check", help="whether they can be used; exit status 2 with every fault if not")
    checked.set_defaults(run=run_check)
    shown = actions.add_parser("show", help="every setting, its value and where it came from; secrets are hidden")
    shown.set_defaults(run=run_show)
    for action in (checked, shown):
        options.add_config(action)
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_check(chosen: argparse.Namespace) -> int:
    """Prints every fault, the variable or the key first. 2 when there is one."""
    from adapters.settings.load import SettingsError, load  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    faults = []
    try:
        load(os.environ, chosen.config)
    except SettingsError as error:
        faults = error.faults
    if chosen.format == "json":
        sys.stdout.write(dump({"faults": [{"en": fault.english, "fr": fault.french} for fault in faults]}) + "\n")
    elif faults:
        sys.stderr.write("".join(f"{fault.french if chosen.lang == 'fr' else fault.english}\n" for fault in faults))
    else:
        sys.stdout.write(f"{WORDS[chosen.lang]['sound']}\n")
    return 2 if faults else 0


def run_show(chosen: argparse.Namespace) -> int:
    """Prints every setting as it would be used."""
    from adapters.settings.load import load, shown  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    rows = shown(load(os.environ, chosen.config))
    if chosen.format == "json":
        sys.stdout.write(dump(rows) + "\n")
        return 0
    for row in rows:
        origin = row["from"] or WORDS[chosen.lang]["default"]
        sys.stdout.write(f"{row['setting']} = {dump(row['value'])}  # {origin}\n")
    return 0
