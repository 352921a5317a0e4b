"""What a deletion certificate must state: ``[certificate]`` of an agreement file."""

from typing import Literal

from domain.agreements.section import Rule

Field = Literal["account", "ticket_on", "place", "on", "signatory", "title", "signed", "stamped"]
Checked = Literal["instances", "volumes", "snapshots", "objects", "backups", "technical-data"]


class Certificate(Rule):
    """The fields of the model the text annexes, and the kinds of data whose deletion it must say was checked."""

    fields: tuple[Field, ...]
    scopes: tuple[Checked, ...] = ()
