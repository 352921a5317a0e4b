"""Every field of every fact that may name a person is in the list that sealing goes by, or here with a reason."""

import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from adapters.evidence.verify import PERSONAL as SHOWN_BY_VERIFY
from domain.errors import UndecodableEventError
from domain.events.decode import decode
from domain.events.personal import PERSONAL, may_name, person_in, person_of_fact, replaced, values_in
from domain.events.registry import event_class, known_topics
from tests.support.persons import ALL, EMAIL, NAME, PERSONS, contact

MAY_NAME = (
    *("name", "email", "mail", "phone", "tel", "mobile", "fax", "signatory", "title", "to", "by", "with", "holder"),
    *("person", "contact", "address", "street", "city", "birth", "user", "author", "owner", "addressee", "recipient"),
)
NOT_PERSONAL = {
    "contract.signed client.name": "the company that signed; a statement's reader knows it by this name",
    "shareholding.recorded holder": "a shareholder whose seat is in a country: a company",
    "third-party.changed name": "a subcontractor: a company",
    "image.shared with": "the id of another client",
    "image.share-ended with": "the id of another client",
    "measure.recorded to": "an instant",
    "countermeasure.applied to": "an instant",
    "misuse.recorded to": "an instant",
    "monitoring.gap-recorded to": "an instant",
    "reserve.notified to": "an instant",
    "liability.recorded to": "an instant",
    "formal-notice.sent by": "client or provider",
    "termination.notified by": "client or provider",
    "access.requested by": "a party, or the body that asked: statements name it",
    "access.consented by": "a party, or the body that asked: statements name it",
    "outage.ended confirmed_by": "monitoring or user",
    "contact.withdrawn person_id": "an id: what an erasure names",
    "person.erased person_id": "an id: what an erasure names",
}


def leaves(model: type[Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of a model's values."""
    hints = typing.get_type_hints(model)
    for field in fields(model):
        inner = next(
            (one for one in (hints[field.name], *typing.get_args(hints[field.name])) if is_dataclass(one)), None
        )
        here = (*path, field.name.rstrip("_"))
        if inner is None:
            yield here
        else:
            yield from leaves(typing.cast("type[Any]", inner), here)


def test_no_field_that_may_name_a_person_is_forgotten() -> None:
    suspect = {
        f"{topic.removeprefix('greffe.').removesuffix('.v1')} {'.'.join(path)}"
        for topic in known_topics()
        for path in leaves(event_class(topic))
        if {*path[-1].split("_")} & {*MAY_NAME} and path[-1] != "id" and not may_name(topic, path)
    }
    assert suspect == set(NOT_PERSONAL)


def test_every_path_in_the_list_is_a_field() -> None:
    for topic, personal in PERSONAL.items():
        there = set(leaves(event_class(topic)))
        assert set(personal.paths) <= there, topic
        assert not personal.person or personal.person in there, topic


def test_the_list_that_stands_in_verify_is_this_one() -> None:
    ours = {
        topic.rpartition(".v")[0]: {".".join(("data", *path)) for path in personal.paths}
        for topic, personal in PERSONAL.items()
    }
    assert {topic: {*paths} for topic, paths in SHOWN_BY_VERIFY.items()} == ours


def test_each_value_has_a_person() -> None:
    assert [person_in(one) for one in ALL] == [*PERSONS[:1], PERSONS[1], *PERSONS[2:]]
    assert person_of_fact("s" * 300 + "#1").startswith("fact:sha256:")


@pytest.mark.parametrize("event", ALL, ids=lambda one: one["type"])
def test_only_the_values_are_replaced_and_the_order_of_names_stays(event: dict[str, Any]) -> None:
    new = replaced(event, lambda _, value: value[::-1])
    assert list(new) == list(event)
    assert {path: value[::-1] for path, value in values_in(event).items()} == values_in(new)
    assert replaced(new, lambda _, value: value[::-1]) == event


@pytest.mark.parametrize("data", [{"name": NAME * 40, "email": EMAIL, "id": "p-1"}, NAME])
def test_a_refusal_quotes_no_value_of_a_person(data: Any) -> None:
    with pytest.raises(UndecodableEventError) as refused:
        decode({**contact(1), "data": {"role": "legal", "person": data}})
    assert "expected" in str(refused.value)
    assert "Camille" not in str(refused.value) + refused.value.french
