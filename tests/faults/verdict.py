"""The judgement at the end: each fact once and no other, with its proof, and the statements of a clean replay."""

import io
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters.audit.run import audit
from adapters.bootstrap import opened
from adapters.clock import now
from api.cli.main import main


@dataclass(frozen=True)
class Verdict:
    """What the ledger holds, against what was said."""

    facts: int
    recorded: int
    missing: int
    twice: int
    strange: int
    unsettled: int
    unproven: int
    statements: int
    statements_equal_to_replay: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, doubled, changed, or left aside."""
        return (
            self.recorded == self.facts
            and not (self.missing or self.twice or self.strange or self.unsettled or self.unproven)
            and self.statements == self.statements_equal_to_replay
        )

    def as_json(self) -> dict[str, Any]:
        """The counts by name."""
        return asdict(self)


def judge(ledger: str, facts: Mapping[str, dict[str, Any]], folder: Path) -> Verdict:
    """Reads the ledger whole, and replays what was said, contract by contract, with ``greffe replay``."""
    seen: Counter[str] = Counter()
    stamps: dict[str, str] = {}
    strange = statements = equal = 0
    with opened(ledger) as store:
        position = 0
        while page := store.entries(position, 5_000):
            for entry in page:
                stored = json.loads(entry.state)
                name = stored["event"]["id"]
                seen[name] += 1
                stamps[name] = stored["recorded"]
                strange += stored["event"] != facts.get(name)
            position = page[-1].position
        unsettled = sum(held.status in {"waiting", "open"} for held in store.quarantine())
        by_contract: dict[str, list[dict[str, Any]]] = {}
        for name, fact in facts.items():
            by_contract.setdefault(fact["subject"], []).append({**fact, "recordedtime": stamps.get(name, fact["time"])})
        for contract, said in by_contract.items():
            statements += 1
            view = store.view(contract)
            equal += view is not None and view.decode() + "\n" == _replayed(said, contract, folder)
    missing = sum(name not in seen for name in facts)
    twice = sum(count > 1 for count in seen.values())
    unproven = audit(ledger, now(), processes=1).count
    return Verdict(len(facts), sum(seen.values()), missing, twice, strange, unsettled, unproven, statements, equal)


def _replayed(said: list[dict[str, Any]], contract: str, folder: Path) -> str:
    path = folder / "said.jsonl"
    path.write_text("".join(json.dumps(fact) + "\n" for fact in said), encoding="utf-8")
    output = io.StringIO()
    with redirect_stdout(output):
        main(["replay", str(path), "--contract", contract, "--format", "json"])
    return output.getvalue()
