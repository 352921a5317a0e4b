"""The guides: what they show is what happens, what they name exists, in both languages."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

import adapters.evidence.figures
import adapters.kafka.figures
import adapters.notify.measures
import api.observed
from adapters.telemetry import traces
from api.cli.main import COMMANDS, build_parser
from tools.guide import HOW, STARTING, commands, stale
from tools.pictures import PICTURES

ROOT = Path(__file__).resolve().parent.parent
INDEXES = ("docs/README.md", "docs/README.fr.md")
GUIDES = tuple(sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")))
READ = (
    "README.md",
    "README.fr.md",
    "CONTRIBUTING.md",
    "domain/README.md",
    "domain/agreements/README.md",
    "domain/agreements/register/README.md",
    "examples/README.md",
    "examples/mappings/README.md",
    "projections/README.md",
    *GUIDES,
    *sorted(f"docs/adr/{page.name}" for page in (ROOT / "docs" / "adr").glob("*.md")),
)
"""Every page whose links are followed."""
HEAVY, TELLING = 100_000, 30
"""Bytes of a picture at most; letters of the words beside it at least."""
OPERATIONS = ("docs/operations.md", "docs/operations.fr.md")
FIGURES = (adapters.kafka.figures, adapters.evidence.figures, adapters.notify.measures, api.observed)
_COMMAND = re.compile(r"(?:`|\$ |\$\(|exec api |bin/)greffe ([a-z]+)")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", READ)
def test_links_lead_somewhere(name: str) -> None:
    broken = []
    for link in re.findall(r"\]\(([^):]+)\)", re.sub(r"^```.*?^```", "", text(name), flags=re.MULTILINE | re.DOTALL)):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", GUIDES)
def test_commands_of_greffe_exist(name: str) -> None:
    assert set(_COMMAND.findall(text(name))) <= COMMANDS.keys()
    for found in set(re.findall(r"`greffe ((?:keys|grants|access|quarantine|config) [a-z]+)", text(name))):
        with pytest.raises(SystemExit) as ended:
            build_parser(found.split()[0]).parse_args([*found.split(), "--help"])
        assert ended.value.code == 0, found


@pytest.mark.parametrize("name", STARTING)
def test_make_targets_services_and_files_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", text(name), re.MULTILINE)) <= targets
    services = set(yaml.safe_load(text("docker-compose.yml"))["services"])
    assert set(re.findall(r"docker compose exec (?:-T )?([a-z]+)", text(name))) <= services
    assert set(re.findall(r"^\| `([a-z]+)` \|", text(name), re.MULTILINE)) == services
    assert [
        path for path in re.findall(r"(?:examples|deploy|tests)/[\w./-]*\w", text(name)) if not (ROOT / path).exists()
    ] == []


@pytest.mark.parametrize("name", [STARTING[0], *(f"docs/{name}.md" for name in HOW)])
def test_guides_run_the_same_commands_in_both_languages(name: str) -> None:
    said = [
        [re.sub(r"^[A-Z]+=| --lang fr", "", command).split()[:3] for command in commands(text(page))]
        for page in (name, name.replace(".md", ".fr.md"))
    ]
    assert said[0] == said[1] != []


def test_what_the_guides_show_is_what_their_commands_print() -> None:
    """Both languages run the same commands: of a pair, the suite runs one, but for the first page."""
    pages = [f"docs/{name}{'.fr' if number % 2 else ''}.md" for number, name in enumerate(HOW)]
    assert stale([*STARTING, *pages]) == [], "python -m tools.guide rewrites them"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_picture_is_there_is_shown_and_is_told_in_words(lang: str) -> None:
    pages = [name for name in GUIDES if name.endswith(".fr.md") == (lang == "fr")]
    shown = [found for name in pages for found in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text(name))]
    assert {path for _, path in shown} == {f"pictures/{lang}/{name}.webp" for name in PICTURES}
    kept = list((ROOT / "docs" / "pictures" / lang).iterdir())
    assert {picture.stem for picture in kept} == PICTURES.keys(), "make pictures takes them"
    assert max(picture.stat().st_size for picture in kept) < HEAVY
    assert [words for words, _ in shown if len(words) < TELLING] == []


@pytest.mark.parametrize("name", INDEXES)
def test_every_guide_is_in_the_index_of_its_language(name: str) -> None:
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md", "README.fr.md"}
    french = {page for page in pages if page.endswith(".fr.md")}
    translated = {page.replace(".fr.md", ".md") for page in french}
    expected = pages - french if name == "docs/README.md" else pages - translated
    assert expected <= set(re.findall(r"\]\(([^):]+)\)", text(name)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_metric_is_told_and_every_metric_told_exists(name: str) -> None:
    kept = {metric.name: metric.type for metric in REGISTRY.collect() if metric.name.startswith("greffe_")}
    real = {f"{metric}_total" if kind == "counter" else metric for metric, kind in kept.items()}
    assert set(re.findall(r"^\| `(greffe_\w+)`", text(name), re.MULTILINE)) == real
    assert all(module.__doc__ for module in FIGURES)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_span_is_told(name: str) -> None:
    told = set(re.findall(r"^\| `(greffe\.\w+)`", text(name), re.MULTILINE))
    assert told == set(re.findall(r"``(greffe\.\w+)``", traces.__doc__ or ""))


@pytest.mark.parametrize("name", [*OPERATIONS, "docker-compose.yml"])
def test_every_variable_told_is_a_setting(name: str) -> None:
    known = set(re.findall(r"`(GREFFE_\w+)`", text("docs/configuration.md")))
    told = {found.removesuffix("_FILE") for found in re.findall(r"\bGREFFE_[A-Z_]+\b", text(name))}
    assert told - known - {"GREFFE_CONFIG", "GREFFE_VERSION"} == set()
