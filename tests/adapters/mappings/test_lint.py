"""What lint finds in a mapping file, with its line and its key."""

from pathlib import Path

import pytest

from adapters.mappings.lint import lint
from adapters.mappings.load import load_mapping, load_mappings
from adapters.mappings.model import Event, Mapping, Rule, Table, Value
from domain.errors import InvalidMappingError
from tests.support.mappings import SMALL, TOOLS, WORKED, edited


def line(words: str) -> int:
    """The line of the small mapping that holds the words."""
    return next(number for number, text in enumerate(SMALL.splitlines(), 1) if words in text)


TYPE = 'type = "greffe.outage.recorded.v1"'
EXTENT = "extent = \"'total'\""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("[[rule]]", "[[rule", f"small.toml:{line('[[rule]]')}: is not TOML: "),
        ('tool = "A tool"\n', "", "small.toml: tool: is required"),
        (
            'version = "1"',
            'verzion = "1"',
            "small.toml:3: verzion: is not a key that belongs here; did you mean version?",
        ),
        ('name = "small"', 'name = "My mapping"', "small.toml:1: name: expected lower-case letters, digits"),
        ('name = "small"', "name = 7", "small.toml:1: name: expected a text"),
        (
            "message.kind == 'trouble'",
            "message.kind = 'trouble'",
            "small.toml:5: match: is no JMESPath expression: unexpected '=' at position 14 of message.kind = 'trouble'",
        ),
        (
            "message.parts",
            "message.parts[",
            f"small.toml:{line('[[rule]]') + 1}: rule[0].each[0].in.expression: is no JMESPath expression: the",
        ),
        (
            "message.parts",
            "joim(message.parts)",
            "is no function of JMESPath; did you mean join?",
        ),
        ("message.parts", "join(message.parts)", "calls join() with 1 argument(s), not 2"),
        ("message.test", "!message.test", "has a ! that holds for its first name alone"),
        ('"message.test"', '""', "when: must not be empty"),
        (
            "part.component",
            "parts.component",
            "rule[0].each[1].in: 'parts' is no name here, in parts.component; did you mean part?",
        ),
        ("part.component", "service", "'service' is no name here, in service; known here: constants, message, part"),
        (
            'table = "service"',
            'table = "services"',
            "looks up in table services, which is not there; did you mean service?",
        ),
        (
            ', table = "service"',
            "",
            f"small.toml:{line('[table.service]')}: table.service: no value of this file looks",
        ),
        (
            TYPE,
            'type = "greffe.outage.recordd.v1"',
            f"small.toml:{line(TYPE)}: rule[0].event[0].type: 'greffe.outage.recordd.v1' is not a type this",
        ),
        (
            "resource =",
            "ressource =",
            "data.ressource: is not a field of greffe.outage.recorded.v1; did you mean resource?",
        ),
        (
            EXTENT,
            "",
            f"small.toml:{line('[rule.event.data]')}: rule[0].event[0].data: lacks extent, which greffe.outage",
        ),
        (
            EXTENT,
            "extent = \"'broken'\"",
            f"small.toml:{line(EXTENT)}: rule[0].event[0].data.extent: 'broken': expected 'total' or 'degraded'",
        ),
        (
            EXTENT,
            'extent = { expression = "part.state", optional = true }',
            "data.extent: is required in greffe.outage.recorded.v1",
        ),
        (
            EXTENT,
            'extent = { expression = "part.state", table = "service" }',
            "data.extent: table service: 'web' = 'load-balancer': expected 'total' or 'degraded', got 'load-balancer'",
        ),
        ('ignore = ["laboratory"]', 'ignore = ["web"]', "table.service: 'web' is both in values and in ignore"),
        (
            ', api = ["command-api:vm"',
            ', api = ["command-api:vm", 1.5',
            "table.service.values.api: expected a text, a whole",
        ),
        ('{ constant = "monitoring" }', "{ optional = true }", "needs an expression or a constant, and not both"),
        ('format = "iso-8601"', 'format = "unix"', "format: expected 'iso-8601', 'epoch-seconds'"),
        ('format = "iso-8601"', 'format = "local"', "time: a local time needs the zone it is written in"),
        ('format = "iso-8601"', 'format = "local", zone = "Europe/Pariss"', "is no zone of the time zone database"),
        (
            'format = "iso-8601"',
            'format = "iso-8601", zone = "UTC"',
            'zone, pattern and ambiguous go with format = "local"',
        ),
        ('format = "iso-8601"', 'format = "iso-8601", nanoseconds = "part.ns"', "nanoseconds go with format"),
        ('format = "iso-8601"', 'format = "iso-8601", table = "service"', "has a table and a format"),
        ('name = "service", in', 'name = "message", in', "the name 'message' is taken already"),
        (
            'subject = "constants.contract"',
            'subject = { expression = "message.x", optional = true }',
            "cannot be left out",
        ),
    ],
)
def test_fault_is_named_with_its_line_and_key(old: str, new: str, found: str) -> None:
    mapping, faults = lint(edited((old, new)).encode(), "small.toml")
    assert any(found in fault.text("en") for fault in faults), [fault.text("en") for fault in faults]
    assert all(fault.said.fr for fault in faults)
    assert mapping is None or faults


def test_faults_are_told_in_french() -> None:
    faults = lint(edited(("message.parts", "message.parts[")).encode(), "small.toml")[1]
    assert faults[0].text("fr") == (
        f"small.toml:{line('[[rule]]') + 1}: rule[0].each[0].in.expression : n'est pas une expression JMESPath : "
        "l'expression finit trop tôt à la position 15 de message.parts["
    )


def test_every_fault_of_a_file_is_told_in_the_order_of_the_file() -> None:
    text = edited(("message.test", "mesage.test"), (EXTENT, ""), ("part.until", "par.until"))
    faults = lint(text.encode(), "small.toml")[1]
    assert [fault.key for fault in faults] == ["ignore[0].when", "rule[0].event[0].data", "rule[0].event[1].time"]
    assert [fault.line for fault in faults] == sorted(fault.line or 0 for fault in faults)


@pytest.mark.parametrize("tool", TOOLS)
def test_worked_mappings_have_no_fault(tool: str) -> None:
    assert lint((WORKED / f"{tool}.toml").read_bytes(), tool)[1] == []


def test_file_that_is_not_utf_8_is_a_fault() -> None:
    assert lint(b"\xff", "small.toml")[1][0].text("en") == "small.toml: is not UTF-8 text"


def test_file_with_a_fault_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(edited(("part.component", "parts.component"), ("message.test", "mesage.test")), encoding="utf-8")
    with pytest.raises(
        InvalidMappingError, match=r"small\.toml:11: ignore\[0\]\.when: .* \(and 1 more: greffe mappings"
    ):
        load_mapping(path)


def test_folder_gives_its_files_and_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidMappingError, match="no mapping"):
        load_mappings([tmp_path])
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(SMALL, encoding="utf-8")
    with pytest.raises(InvalidMappingError, match=r"b\.toml: name: another file is the mapping small already"):
        load_mappings([tmp_path])


@pytest.mark.parametrize(("page", "lang"), [("feeding.md", "en"), ("feeding.fr.md", "fr")])
def test_fault_shown_in_the_guide_is_the_real_one(page: str, lang: str) -> None:
    told = (WORKED.parents[1] / "docs" / page).read_text("utf-8")
    broken = (WORKED / "alertmanager.toml").read_text("utf-8").replace('table = "service"', 'table = "servce"')
    shown = [fault.text(lang) for fault in lint(broken.encode(), "alertmanager.toml")[1]]
    assert any(f"-{words}\n" in told for words in shown)


@pytest.mark.parametrize("page", ["feeding.md", "feeding.fr.md"])
def test_guide_names_every_key_of_a_mapping_file(page: str) -> None:
    told = (WORKED.parents[1] / "docs" / page).read_text("utf-8")
    parts = (Mapping, Rule, Event, Value, Table)
    keys = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    under_another_form = {"rule", "event", "table", "constants", "expression", "refuse"}
    assert [key for key in sorted(keys - under_another_form) if f"`{key}" not in told] == []
