"""What a mapping makes of a message, and how it says what it cannot make."""

import pytest

from adapters.cloudevents import MAX_BYTES, canonical
from adapters.mappings.apply import map_message, mapping_result
from adapters.mappings.refusal import UnmappableMessageError
from tests.support.mappings import events, mapped, message, part, refusals, small


def test_message_gives_one_event_for_each_service_of_its_component() -> None:
    made = events(mapped(small(), message(part(component="api", machine="m-7"))))
    assert [one["data"]["service"] for one in made] == ["command-api:vm", "command-api:network"]
    assert made[0] == {
        "specversion": "1.0",
        "id": "p-1/command-api:vm/recorded",
        "source": "urn:tool",
        "type": "greffe.outage.recorded.v1",
        "subject": "C-1",
        "time": "2026-03-02T11:00:00+01:00",
        "data": {
            "outage": "p-1/command-api:vm",
            "service": "command-api:vm",
            "resource": "m-7",
            "started_at": "2026-03-02T11:00:00+01:00",
            "extent": "total",
        },
    }


def test_events_come_in_their_canonical_bytes() -> None:
    made = mapped(small(), message(part()))
    assert [body for body, _ in made] == [canonical(one) for one in events(made)]


def test_update_gives_the_same_first_event_again_and_one_more() -> None:
    first = mapped(small(), message(part()))
    second = mapped(small(), message(part(state="up", until="2026-03-02T10:30:00Z")))
    assert [body for body, _ in second][:1] == [body for body, _ in first]
    assert events(second)[1]["id"] == "p-1/web/ended".replace("web", "load-balancer")


def test_part_that_is_named_twice_gives_its_events_once() -> None:
    assert len(events(mapped(small(), message(part(), part())))) == 1


@pytest.mark.parametrize(
    ("body", "reason", "french"),
    [
        (
            message(part(component="mainframe")),
            "mapping small, rule[0].each[1].service (part.component): 'mainframe' is not in table service",
            "mapping small, rule[0].each[1].service (part.component) : 'mainframe' n'est pas dans la table service",
        ),
        (
            message({"id": "p-1", "state": "down"}),
            "mapping small, rule[0].each[1].service (part.component): gives nothing",
            "mapping small, rule[0].each[1].service (part.component) : ne donne rien",
        ),
        (
            message(part(state="wobbly")),
            "mapping small, rule[0].event: no event applies (with part = an object, service = 'load-balancer')",
            "mapping small, rule[0].event : aucun événement ne s'applique (avec part = un objet, service",
        ),
        (
            message(part(since="yesterday")),
            "mapping small, rule[0].event[0].data.started_at (part.since): expected an ISO 8601 date-time with an",
            "mapping small, rule[0].event[0].data.started_at (part.since) : attendu : une date et une heure ISO",
        ),
        (
            message(part(id="x" * 300)),
            "mapping small, rule[0].event[0].id (join('/', [part.id, service, 'recorded'])): expected at most",
            "mapping small, rule[0].event[0].id (join('/', [part.id, service, 'recorded'])) : attendu : ",
        ),
        (
            message(part(id=7)),
            "mapping small, rule[0].event[0].data.outage (join('/', [part.id, service])): In function join()",
            "mapping small, rule[0].event[0].data.outage (join('/', [part.id, service])) : erreur d'évaluation",
        ),
        (
            message(part(machine=["m-1"])),
            "mapping small, rule[0].event[0].data.resource (part.machine): expected a text, got a list",
            "mapping small, rule[0].event[0].data.resource (part.machine) : attendu : un texte ; reçu : une liste",
        ),
        (message(), "mapping small, rule: the message gives no event", "mapping small, rule : le message ne donne"),
        (b'{"kind": "joy"}', "mapping: no mapping matches the message (tried: small)", "mapping : aucune"),
        (b"[]", "expected a JSON object, got a list", "attendu : un objet JSON ; reçu : une liste"),
        (b"\xff", "is not UTF-8 text: byte 1", "n'est pas un texte en UTF-8"),
        (b'{"kind": "trouble", "kind": "joy"}', "kind: is given twice in one object", "kind : figure deux fois"),
        (b"", "expected a JSON object, got nothing", "attendu : un objet JSON ; rien n'a été reçu"),
        (b'{"a":"' + b"x" * MAX_BYTES + b'"}', "is longer than the limit", "dépasse la limite"),
    ],
)
def test_refusal_names_the_mapping_the_field_and_the_expression(body: bytes, reason: str, french: str) -> None:
    made = mapped(small(), body)
    assert [kept for kept, _ in made] == [body]
    (refusal,) = refusals(made)
    assert str(refusal).startswith(reason)
    assert refusal.french.startswith(french)


def test_what_can_be_mapped_of_a_message_is_and_the_rest_is_refused_once_with_the_whole_message() -> None:
    body = message(part(), part(id="p-2", component="a"), part(id="p-3", component="b"))
    made = mapped(small(), body)
    assert [one.id for _, one in made if not isinstance(one, Exception)] == ["p-1/load-balancer/recorded"]
    assert made[-1].body == body
    (refusal,) = refusals(made)
    assert isinstance(refusal, UnmappableMessageError)
    assert (refusal.mapping, refusal.place, refusal.expression) == (
        "small",
        "rule[0].each[1].service",
        "part.component",
    )
    assert str(refusal).endswith("'a' is not in table service (and 1 more)")
    assert refusal.french.endswith("'a' n'est pas dans la table service (et 1 autre(s))")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (message(part(), test=True), "a message to try the line"),
        (message(part(component="laboratory")), "table service ignores 'laboratory'"),
    ],
)
def test_only_what_the_mapping_says_to_ignore_gives_nothing(body: bytes, reason: str) -> None:
    result = mapping_result([small()], body)
    assert result.mapped == []
    assert [said.en for said in result.ignored] == [reason]


def test_table_may_ignore_every_word_it_does_not_know() -> None:
    mapping = small(('ignore = ["laboratory"]', 'unknown = "ignore"'))
    assert mapped(mapping, message(part(component="mainframe"))) == []


def test_words_of_a_list_are_looked_up_each_and_ignored_ones_left_out() -> None:
    made = events(mapped(small(), message(part(component=["api", "laboratory", "web", "web"]))))
    assert [one["data"]["service"] for one in made] == ["command-api:vm", "command-api:network", "load-balancer"]


def test_two_different_events_with_one_id_are_refused() -> None:
    (refusal,) = refusals(mapped(small(), message(part(), part(machine="m-2"))))
    assert str(refusal).startswith(
        "mapping small, rule[0].event[0].id (join('/', [part.id, service, 'recorded'])): two events of the message have"
    )


def test_message_that_two_mappings_know_is_refused_by_both_names() -> None:
    other = small(('name = "small"', 'name = "other"'))
    (refusal,) = refusals(map_message([small(), other], message(part())))
    assert str(refusal) == "mapping: several mappings match the message: small, other"


def test_lines_of_one_body_are_messages_where_the_mapping_says_so() -> None:
    lines = small(('source = "urn:tool"', 'source = "urn:tool"\nlines = true'))
    body = b"\n".join([message(part()), b"", message(part(id="p-2")), b"{broken"])
    made = mapped(lines, body)
    assert [one.id for _, one in made if not isinstance(one, Exception)] == [
        "p-1/load-balancer/recorded",
        "p-2/load-balancer/recorded",
    ]
    assert made[-1].body == b"{broken"
    assert [one.body for one in mapped(small(), body)] == [body]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("message.kind == 'trouble'", "starts_with(message.kind, 'tr')", "match (starts_with(message.kind, 'tr'))"),
        ('"message.test"', "\"contains(message.kind, 'x')\"", "ignore[0].when (contains(message.kind, 'x'))"),
        ("[[rule]]", "[[rule]]\nwhen = 'length(message.kind)'", "rule[0].when (length(message.kind))"),
        (
            "part.state == 'down' ||",
            "abs(part.state) ||",
            "rule[0].event[0].when (abs(part.state) || part.state == 'up')",
        ),
    ],
)
def test_condition_that_cannot_be_evaluated_is_refused_by_its_place(old: str, new: str, place: str) -> None:
    any_kind = () if old.startswith("message.kind") else (("message.kind == 'trouble'", "message.kind"),)
    body = message(part()).replace(b'"trouble"', b"7")
    (refusal,) = refusals(mapped(small(*any_kind, (old, new)), body))
    assert str(refusal).startswith(f"mapping small, {place}")
    assert ": In function" in str(refusal)
    assert refusal.french.startswith(f"mapping small, {place}")
    assert " : erreur d'évaluation : " in refusal.french


def test_message_to_which_no_rule_applies_is_refused() -> None:
    (refusal,) = refusals(mapped(small(("[[rule]]", "[[rule]]\nwhen = 'message.urgent'")), message(part())))
    assert str(refusal) == "mapping small, rule: no rule applies to the message"


def test_step_that_is_optional_gives_nothing_where_the_message_has_none() -> None:
    mapping = small(
        ('in = "message.parts"', 'in = { expression = "message.parts", optional = true }'),
        ("message.kind == 'trouble'", "message.kind"),
    )
    (refusal,) = refusals(mapped(mapping, b'{"kind": "trouble"}'))
    assert str(refusal) == "mapping small, rule: the message gives no event"


def test_correlation_is_kept_and_may_be_absent() -> None:
    with_one = small(
        (
            "[rule.event.data]\noutage",
            'correlation = { expression = "message.case", optional = true }\n[rule.event.data]\noutage',
        )
    )
    assert events(mapped(with_one, message(part(), case="K-1")))[0]["correlationid"] == "K-1"
    assert "correlationid" not in events(mapped(with_one, message(part())))[0]


def test_message_of_more_parts_than_the_limit_is_refused_soon() -> None:
    made = mapped(small(), message(*[{} for _ in range(200_000)]))
    (refusal,) = refusals(made)
    assert "(and " in str(refusal)
    assert len(made) == 1


@pytest.mark.parametrize("value", ["1" * 4000, "1" * 30, "1.5", '{"a": 1}'])
def test_word_that_no_table_can_hold_is_refused(value: str) -> None:
    (refusal,) = refusals(mapped(small(), message(part(component="@")).replace(b'"@"', value.encode())))
    assert "table service" in str(refusal)
