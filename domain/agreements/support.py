"""Support commitments of an agreement file: ``[support]``, ``[[support.commitment]]``."""

from domain.agreements.section import Section


class Support(Section):
    """Support clocks, calendars, priorities and monthly objectives."""
