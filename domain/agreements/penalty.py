"""Penalties, reserves, claims, caps and other amounts of an agreement file: ``[penalty]``, ``[[amount]]``."""

from domain.agreements.section import Rule, Section


class Penalty(Section):
    """How a breach becomes money, under what conditions and ceilings."""


class Amount(Rule):
    """Another sum the text provides for: late interest, a fixed fee, a liability ceiling, a billing minimum."""
