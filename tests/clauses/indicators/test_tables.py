"""The service-level tables as the texts print them, line by line: clause, figure, measure, period and star."""

import pytest
from pydantic import ValidationError

from adapters.catalogue import load_catalogue, load_switches
from domain.agreements.indicator import Exclusion, Indicator, Measurement, Varying, Zones

CGV = """
sla1-object-durability | Annex A SLA1 | 99.9999999999 | durability | year | every
sla1-object-publish-api-availability | Annex A SLA1 | 99.97 | availability | year | -
sla1-object-access-api-availability | Annex A SLA1 | 99.99 | availability | year | every
sla2-volume-availability | Annex A SLA2 | 99.7 | availability | month | -
sla2-snapshot-availability | Annex A SLA2 | 99.7 | availability | month | -
sla2-snapshot-durability | Annex A SLA2 | 99.9999999999 | durability | year | every
sla2-iops-share | Annex A SLA2 | 90 | time-share | month | -
sla3-ephemeral-none | Annex A SLA3 | - | none | month | -
sla4-az-availability | Annex A SLA4 | 99.7 | availability | month | -
sla4-hardware-availability | Annex A SLA4 | 99.8 | availability | month | -
sla4-vm-availability | Annex A SLA4 | 99.8 | availability | month | every+proof
sla4-command-api-availability | Annex A SLA4 | 99.9 | availability | month | -
sla5-internet-availability | Annex A SLA5 | 99.999 | availability | year | every
sla5-firewall-availability | Annex A SLA5 | 99.8 | availability | month | -
sla5-command-api-availability | Annex A SLA5 | 99.9 | availability | month | -
sla6-internal-network-availability | Annex A SLA6 | 99.99 | availability | year | -
sla6-inter-resource-latency | Annex A SLA6 | 10 | latency | month | -
sla6-object-storage-latency | Annex A SLA6 | 200 | latency | month | -
sla7-dns-ntp-dhcp-availability | Annex A SLA7 | 99.8 | availability | month | -
sla7-metadata-availability | Annex A SLA7 | 99.8 | availability | month | -
sla8-load-balancer-availability | Annex A SLA8 | 99.8 | availability | month | -
sla8-command-api-availability | Annex A SLA8 | 99.9 | availability | month | -
"""
EN = """
sla1-region-availability | SLA1 | 99.9 | availability | year | -
sla1-az-availability | SLA1 | 99.7 | availability | year | -
sla2-internal-network-availability | SLA2 | 99.99 | availability | year | -
sla2-inter-resource-latency | SLA2 | 10 | latency | month | -
sla3-dns-ntp-dhcp-availability | SLA3 | 99.8 | availability | month | -
sla3-metadata-availability | SLA3 | 99.8 | availability | month | -
sla4-internet-availability | SLA4 | 99.999 | availability | year | every
sla4-firewall-availability | SLA4 | 99.8 | availability | month | every
sla4-command-api-availability | SLA4 | 99.9 | availability | month | -
sla5-load-balancer-availability | SLA5 | 99.78 | availability | month | -
sla5-command-api-availability | SLA5 | 99.9 | availability | month | -
sla6-object-durability | SLA6 | 99.9999999999 | durability | year | -
sla6-object-publish-api-availability | SLA6 | 99.97 | availability | year | -
sla6-object-access-api-availability | SLA6 | 99.97 | availability | year | -
sla7-volume-availability | SLA7 | 99.7 | availability | month | -
sla7-snapshot-availability | SLA7 | 99.7 | availability | month | -
sla7-snapshot-durability | SLA7 | 99.9999999999 | durability | year | -
sla7-iops-share | SLA7 | 90 | time-share | month | -
sla8-ephemeral-none | SLA8 | - | none | month | -
sla9-bare-metal-availability | SLA9 | 99.7 | availability | month | -
sla9-vm-availability | SLA9 | 99.7 | availability | month | -
sla9-command-api-availability | SLA9 | 99.9 | availability | month | -
"""
CT = """
ic-infra-snc-01-compute | 8.1 SLA 1 (*) | 99.99 | availability | month | 2
ic-infra-snc-02-storage | 8.1 SLA 2 (*) | 99.99 | availability | month | 2
ic-infra-snc-03-backup | 8.1 SLA 3 | 99.99 | availability | month | -
ic-infra-snc-04-network | 8.1 SLA 4 (*) | 99.99 | availability | month | 2
ic-infra-snc-05-internet | 8.1 SLA 5 | 99.99 | availability | month | -
ic-infra-snc-06-console | 8.2 SLA 6 | 97 | availability | month | -
ic-infra-snc-07-api | 8.2 SLA 7 | 99.9 | availability | month | -
ic-infra-snc-10-1-object-durability | 8.4 SLA 10.1 | 99.9999999 | durability | year | -
ic-infra-snc-10-2-object-api | 8.4 SLA 10.2 | 99.99 | availability | month | -
ic-infra-snc-10-3-object-latency | 8.4 SLA 10.3 | 150 | latency | month | -
"""
TABLES = {
    "outscale-cgv-2019": CGV,
    "outscale-snc-fr": "",
    "outscale-snc-en-2023": EN,
    "ct-secure-temple": CT,
    "ct-openiaas-v3": CT,
}


def star(zones: Zones | None) -> str:
    if zones is None:
        return "-"
    return ("every" if zones.every else str(zones.at_least)) + ("+proof" if zones.proof else "")


def printed(line: Indicator) -> str:
    target = "-" if line.target is None else str(line.target)
    return " | ".join([line.id, line.clause, target, line.metric, line.period, star(line.zones)])


@pytest.mark.parametrize("document", TABLES)
def test_every_line_of_the_table_with_its_figure(document: str) -> None:
    lines = [printed(line) for line in load_catalogue().agreement(document).indicator]
    assert lines == TABLES[document].split("\n")[1:-1]


@pytest.mark.parametrize("document", TABLES)
def test_every_variant_names_a_reading_and_one_of_its_values(document: str) -> None:
    switches = load_switches()
    agreement = load_catalogue().agreement(document)
    rules: list[Varying] = [*agreement.indicator, *agreement.exclusion]
    rules += [agreement.measurement] if agreement.measurement is not None else []
    for rule in rules:
        for variant in rule.variant:
            assert variant.value in switches[variant.reading].values, (rule.id, variant.reading)
            changed = rule.under(lambda name, v=variant: v.value if name == v.reading else switches[name].default)  # type: ignore[misc]
            assert changed != rule or switches[variant.reading].default == variant.value


@pytest.mark.parametrize("document", TABLES)
def test_every_convention_of_measurement_covers_every_value_of_its_reading(document: str) -> None:
    switches = load_switches()
    for line in load_catalogue().agreement(document).indicator:
        for basis in line.basis:
            assert set(basis.values) == set(switches[basis.reading].values), line.id


def test_every_conflicting_figure_exists_in_the_other_text() -> None:
    catalogue = load_catalogue()
    conflicts = [(line, c) for line in catalogue.agreement("outscale-snc-en-2023").indicator for c in line.conflict]
    assert {conflict.id for _, conflict in conflicts} == {
        "conflict.az_997_period",
        "conflict.firewall_star",
        "conflict.hardware_997_998",
        "conflict.lbu_9978_998",
        "conflict.object_access_9997_9999",
        "conflict.object_durability_star",
        "conflict.vm_997_998star",
    }
    for line, conflict in conflicts:
        other = catalogue.rule(conflict.other)
        assert isinstance(other, Indicator)
        assert (other.target, other.period, other.zones) != (line.target, line.period, line.zones)
        assert set(other.services) == set(line.services)


def test_the_default_readings_change_no_line_as_written() -> None:
    catalogue, switches = load_catalogue(), load_switches()
    for document in TABLES:
        agreement = catalogue.agreement(document)
        for rule in (*agreement.indicator, *agreement.exclusion):
            default = {name: s.default_by_document.get(document, s.default) for name, s in switches.items()}
            assert rule.under(default.__getitem__) == rule, rule.id


TITLE = {"fr": "Ligne", "en": "Line"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "101"},
        {"metric": "none", "target": "99"},
        {"target": None},
        {"metric": "durability", "target": "99"},
        {"target": "99", "counts": "objects"},
        {"target": "99", "zones": {}},
        {"target": "99", "zones": {"every": True, "at_least": 2}},
        {"target": "99", "variant": [{"reading": "r", "value": "B", "change": {"target": "200"}}]},
        {"target": "99", "services": []},
        {"target": "99", "unknown": 1},
    ],
)
def test_an_indicator_that_cannot_hold_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Indicator.model_validate({"id": "x", "clause": "1", "title": TITLE, "services": ["s"], **wrong})


@pytest.mark.parametrize(
    "wrong", [{"kind": "incident-start"}, {"kind": "cause", "first": "2 minutes"}, {"kind": "luck"}]
)
def test_an_exclusion_that_cannot_hold_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Exclusion.model_validate({"id": "x", "clause": "1", "title": TITLE, **wrong})


def test_a_variant_may_leave_a_field_out() -> None:
    variant = {"reading": "r", "value": "B", "change": {"end": "last"}, "drop": ["start"]}
    rule = Measurement.model_validate(
        {"id": "x", "clause": "1", "title": TITLE, "start": "earliest-notice", "variant": [variant]}
    )
    read = rule.under(lambda _: "B")
    assert (read.start, read.end) == ("recorded", "last")
    assert rule.under(lambda _: "A") is rule
