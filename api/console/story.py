"""What caused what: the facts of one story as a tree, each below the fact that it names as its cause."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.fact import AnyFact


@dataclass(slots=True)
class Node:
    """One fact and those it caused, in the order in which they happened.

    ``lost``: the cause it names is not among the facts of the story.
    """

    fact: AnyFact
    position: int
    lost: bool = False
    caused: list["Node"] = field(default_factory=list)


def tree(facts: Sequence[tuple[int, AnyFact]]) -> list[Node]:
    """The facts that name no cause, with everything below them. A circle of causes is opened at its first fact."""
    nodes = [Node(fact, position) for position, fact in sorted(facts, key=lambda one: one[1].order)]
    by_name: dict[str, Node] = {}
    for node in nodes:
        by_name.setdefault(node.fact.ref, node)
        by_name.setdefault(node.fact.id, node)
    parents: dict[int, Node] = {}
    roots = []
    for node in nodes:
        cause = _cause(node, by_name)
        if cause is None or _leads_to(parents, cause, node):
            node.lost = cause is None and node.fact.causation is not None
            roots.append(node)
            continue
        parents[node.position] = cause
        cause.caused.append(node)
    return roots


def _cause(node: Node, by_name: dict[str, Node]) -> Node | None:
    """The fact that this one names: by its reference, or by its id, of the same source before any other."""
    named = node.fact.causation
    if named is None:
        return None
    return by_name.get(f"{node.fact.source}#{named}") or by_name.get(named)


def _leads_to(parents: dict[int, Node], node: Node, sought: Node) -> bool:
    """Whether a fact is another one, or below it."""
    place: Node | None = node
    while place is not None:
        if place is sought:
            return True
        place = parents.get(place.position)
    return False
