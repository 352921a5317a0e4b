"""Service-level indicators and exclusions of an agreement file: ``[[indicator]]`` and ``[[exclusion]]``."""

from domain.agreements.section import Rule


class Indicator(Rule):
    """One promised service level."""


class Exclusion(Rule):
    """One rule that takes time out of the downtime."""
