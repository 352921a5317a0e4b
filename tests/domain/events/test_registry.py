"""The registry knows the types of the public wire format, all of them and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.events.registry import class_name, event_class, known_topics, nearest, topic_of

WIRE = frozenset(
    """
contract.signed contract.document-signed contract.revision-notified contract.revision-accepted
contract.revision-refused contract.ended reading.selected deployment.declared service.flagged region.zone-opened
derogation.recorded
outage.recorded outage.ended outage.cause-established outage.corrected outage.retracted maintenance.announced
maintenance.performed maintenance.cancelled countermeasure.applied misuse.recorded monitoring.gap-recorded
snapshot.taken measure.recorded
ticket.opened ticket.completed ticket.qualified ticket.answered ticket.waiting-for-client ticket.client-replied
ticket.resolved ticket.reopened
incident.opened incident.closed notification-levels.chosen personal-data-request.received
personal-data-request.answered key-rotation.requested key-rotation.performed contact.designated contact.withdrawn
person.erased
invoice.issued invoice.paid invoice.disputed rate.recorded reserve.notified penalty.claimed penalty.accepted
penalty.rejected credit.used consumption.metered liability.recorded professional-services.agreed
qualification.granted qualification.renewed qualification.modified qualification.lost compliance.changed
third-party.changed shareholding.recorded
formal-notice.sent breach.remedied identity-anomaly.notified identity-anomaly.answered resources.blocked
resources.unblocked access.requested access.consented termination.notified termination.acknowledged
termination.withdrawn account.deactivated account.closed recovery-report.received paid-storage.started
paid-storage.ended recovery-service.ordered recovery-service.paid recovery-service.delivered deletion.requested
deletion.performed deletion.certified image.shared image.share-ended hold.placed hold.released
notice.sent notice.received
""".split()  # noqa: SIM905 - read as the list it is
)
GOLDEN = Path(__file__).parent / "golden"


def test_wire_every_type_is_known_and_no_other() -> None:
    assert set(known_topics()) == {f"greffe.{name}.v1" for name in WIRE}


def test_wire_every_version_of_a_type_has_a_golden_event_and_no_other() -> None:
    assert {f"greffe.{path.stem}" for path in GOLDEN.glob("*.json")} == set(known_topics())


@pytest.mark.parametrize("topic", known_topics())
def test_registry_class_carries_its_own_topic(topic: str) -> None:
    assert topic_of(event_class(topic)) == topic
    assert event_class(topic).__name__ == class_name(topic)


def test_registry_class_is_named_after_its_type() -> None:
    assert class_name("greffe.notification-levels.chosen.v1") == "NotificationLevelsChosen"


def test_registry_nearest_name_is_suggested() -> None:
    assert nearest("greffe.outage.recorderd.v1") == "greffe.outage.recorded.v1"


def test_registry_far_name_suggests_nothing() -> None:
    assert nearest("weather") is None


def test_registry_unknown_topic_has_no_class() -> None:
    with pytest.raises(KeyError):
        event_class("greffe.outage.recorded.v2")


def test_registry_importing_it_builds_no_model() -> None:
    """The command line starts at once: a module of events is read when its first fact is."""
    code = (
        "import sys, domain.events.registry, domain.aggregates.registry, domain.aggregates.admission\n"
        "known = {'model', 'registry'}\n"
        "loaded = {m.rpartition('.')[2] for m in sys.modules if m.startswith('domain.events.')}\n"
        "sys.exit(str(loaded - known) if loaded - known else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
