"""Qualification terms of an agreement file: ``[qualification]``."""

from domain.agreements.section import Section


class Qualification(Section):
    """Initial state, validity, shareholding limits."""
