"""``greffe serve``: the API over HTTP."""

import argparse
import os

from api.cli import options

EXAMPLE = """\
The settings come from the environment and a file (greffe config show); the options here win over both.
At the first start the key of an administrator is written to a file, and its place is said.

examples:
  greffe serve --ledger greffe.db --port 8000
  GREFFE_LEDGER=postgresql://greffe@db/greffe greffe serve --host 0.0.0.0
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe serve``."""
    parser.add_argument("--host", metavar="ADDRESS", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="PORT", help="the port to listen on (default: 8000)")
    parser.add_argument("--ledger", metavar="ADDRESS", help="a path, or postgresql://… (default: greffe.db)")
    options.add_agreements(parser)
    options.add_config(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Serves until it is stopped."""
    from adapters.settings.load import load  # noqa: PLC0415 - loaded only by the commands that need it
    from api.serving import serve  # noqa: PLC0415

    environ = {
        **os.environ,
        **{name: str(value) for name, value in _given(chosen).items() if value is not None},
    }
    serve(load(environ, chosen.config).settings)
    return 0


def _given(chosen: argparse.Namespace) -> dict[str, object]:
    """What the options say, as the variables they win over."""
    folders = ",".join(map(str, chosen.agreements)) or None
    return {
        "GREFFE_SERVER__HOST": chosen.host,
        "GREFFE_SERVER__PORT": chosen.port,
        "GREFFE_LEDGER": chosen.ledger,
        "GREFFE_LEDGER__AGREEMENTS": folders,
    }
