"""The names that facts may refer to: documents, providers and readings, as the catalogue and the switches know them."""

from domain.aggregates.verdict import Known
from domain.agreements.catalogue import Catalogue
from domain.readings import Readings


def known_names(catalogue: Catalogue, readings: Readings) -> Known:
    """The names a fact may refer to: documents, providers and readings."""
    return Known(
        documents=frozenset(catalogue.documents),
        providers=frozenset(catalogue.providers),
        readings={parameter: tuple(switch.values) for parameter, switch in readings.switches.items()},
    )
