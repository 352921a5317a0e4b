"""Deadlines and effects of an agreement file: ``[[deadline]]``."""

from domain.agreements.section import Rule


class Deadline(Rule):
    """A duty, or an effect: trigger -> delay -> settled by."""
