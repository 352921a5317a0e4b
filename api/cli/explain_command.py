"""``greffe explain FILE… --contract C PATH``: one figure in words."""

import argparse
import sys

from api.cli import options

PATHS = """\
PATH names rows of the statement and, if you like, a field of them:
  indicators[indicator=outscale-cgv-2019/sla4-vm-availability][period.from=2026-01-01T00:00:00+01:00].availability
  penalties[period_end=2026-03-31].payable
  deadlines[rule=outscale-cgv-2019/term-client-convenience]
  support[ticket=T-1]   amounts.0   findings[code=conflict]   qualification

example:
  greffe explain facts.jsonl --contract C-1 --at 2026-05-04T10:00:00+02:00 'penalties[period_end=2026-04-30].payable'
"""
MOST = 50
"""As many figures as a reader can take in; JSON has no limit."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe explain``."""
    options.add_files(parser)
    parser.add_argument("path", metavar="PATH", help="which figure (see below)")
    options.add_question(parser)
    options.add_readings(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = PATHS
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the explanation of every row that the path names. 2 when it names none, or a line could not be read."""
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from api.cli.asking import question_of, read_with_progress  # noqa: PLC0415
    from api.cli.printing import put  # noqa: PLC0415
    from projections.explain.explanation import explain  # noqa: PLC0415
    from projections.explain.path import UnknownFigureError, parse_path  # noqa: PLC0415
    from projections.explain.words import explanation_words  # noqa: PLC0415
    from projections.replay import bases  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415
    from projections.statement import derive  # noqa: PLC0415

    parse_path(chosen.path)
    readings = options.readings_of(chosen.reading)
    reading = read_with_progress(chosen.files)
    for fault in reading.faults:
        sys.stderr.write(f"{fault.text(chosen.lang)}\n")
    question = question_of(chosen, reading.intake, readings)
    options.check_contract(chosen.contract, reading.intake)
    explained = []
    refusal: UnknownFigureError | None = None
    for contract, basis, notes in bases(reading.intake, question, load_catalogue(chosen.agreements)):
        if basis is None:
            refusal = refusal or UnknownFigureError(
                f"no known fact says that contract {contract} was signed by then",
                f"aucun fait connu ne dit que le contrat {contract} était signé à ce moment",
            )
            continue
        try:
            explained += [one.as_json() for one in explain(basis, derive(basis, notes), chosen.path, chosen.lang)]
        except UnknownFigureError as error:
            refusal = refusal or UnknownFigureError(f"{contract}: {error}", f"{contract} : {error.french}")
    if not explained:
        raise refusal or UnknownFigureError("the files name no contract", "les fichiers ne nomment aucun contrat")
    if chosen.format == "text" and len(explained) > MOST:
        raise UnknownFigureError(
            f"{chosen.path} names {len(explained)} figures; add a condition such as [field=value]",
            f"{chosen.path} nomme {len(explained)} chiffres ; ajoutez une condition telle que [champ=valeur]",
        )
    if chosen.format == "json":
        sys.stdout.write(dump(explained) + "\n")
    else:
        put([explanation_words(explained, chosen.lang), "\n"])
    return 2 if reading.faults else 0
