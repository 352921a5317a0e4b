"""The statement as text for a lawyer: contract by contract, what is owed and due first, every figure with its clause.

Rows in good order are counted, not listed; the JSON statement has every one of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from domain.readings import Readings
from domain.time.instant import Instant
from projections.shown import is_instant, moment, money, number, percent, seconds
from projections.statement import Derived
from projections.wording import STATES, Pair, colon, field_word, party_word, pick, state_word, unit_word

Row = Mapping[str, Any]
Rows = Sequence[Row]
Titles = Callable[[str], Pair | None]
"""``titles(rule)``: the title of a rule or of a document, None where no agreement file has it."""

HEADINGS: Mapping[str, Pair] = {
    "statement": ("Statement at", "Relevé au"),
    "known": ("as known at", "tel que connu au"),
    "paris": ("Paris time", "heure de Paris"),
    "readings": ("Readings chosen", "Lectures choisies"),
    "default": ("none, the defaults apply", "aucune, celles par défaut s'appliquent"),
    "documents": ("Documents in force", "Documents en vigueur"),
    "none": ("none", "aucun"),
    "qualification": ("Qualification", "Qualification"),
    "until": ("valid until", "valable jusqu'au"),
    "penalties": ("Penalties", "Pénalités"),
    "payable": ("payable", "à payer"),
    "in_all": ("payable in all", "à payer en tout"),
    "gross": ("gross", "brut"),
    "claim_by": ("to be claimed before", "à réclamer avant"),
    "ended": ("periods ended", "périodes closes le"),
    "amounts": ("Other amounts", "Autres sommes"),
    "no_figure": ("no figure", "pas de chiffre"),
    "deadlines": ("Deadlines and effects", "Échéances et effets"),
    "pending": ("To come", "À venir"),
    "missed": ("No act in time", "Aucun acte à temps"),
    "open-ended": ("No delay in the text, not done", "Sans délai dans le texte, pas fait"),
    "done": ("Done", "Fait"),
    "times": ("times", "fois"),
    "last": ("the last", "la dernière le"),
    "last_day": ("last day", "dernier jour"),
    "earliest": ("not before", "pas avant"),
    "done_at": ("done", "fait le"),
    "since": ("since", "depuis le"),
    "safe": ("prudent: before", "par prudence : avant le"),
    "indicators": ("Service levels", "Niveaux de service"),
    "periods": ("Periods", "Périodes"),
    "claimable": ("can be claimed", "réclamable"),
    "not_claimable": ("cannot be claimed", "non réclamable"),
    "target": ("target", "engagement"),
    "counted": ("counted", "compté"),
    "allowed": ("allowed", "autorisé"),
    "support": ("Support", "Support"),
    "support_objectives": ("Support objectives", "Objectifs de support"),
    "elapsed": ("elapsed", "écoulé"),
    "findings": ("Findings", "Constats"),
    "more": ("more in the JSON output", "de plus dans la sortie JSON"),
    "no_contract": ("No contract.", "Aucun contrat."),
}
MANY = 4
"""From so many rows of one rule in one state on, one line tells them all."""
MOST = 12
"""As many breached periods of one line as are told one by one."""


def statement_words(
    contracts: Iterable[tuple[str, Derived]],
    at: Instant,
    known_at: Instant,
    readings: Readings,
    *,
    lang: str,
    titles: Titles,
) -> Iterator[str]:
    """The statement in pieces, one contract at a time."""
    head = f"{_h('statement', lang)} {moment(at)}, {_h('known', lang)} {moment(known_at)} ({_h('paris', lang)})"
    yield f"{head}\n"
    chosen = [_reading(readings, name, value, lang) for name, value in readings.selected.items()]
    yield f"{_h('readings', lang)}{colon(lang)}{'; '.join(chosen) or _h('default', lang)}\n"
    empty = True
    for contract, derived in contracts:
        empty = False
        yield "\n" + "\n".join(_contract(contract, derived.as_json(), lang, titles)) + "\n"
    if empty:
        yield f"{_h('no_contract', lang)}\n"


def _h(name: str, lang: str) -> str:
    return pick(HEADINGS[name], lang)


def _reading(readings: Readings, name: str, value: str, lang: str) -> str:
    words = readings.switches[name].values[value]
    return f"{name} = {value} ({pick((words.en, words.fr), lang).rstrip('.')})"


def _contract(contract: str, statement: Row, lang: str, titles: Titles) -> Iterator[str]:
    yield contract
    yield "=" * len(contract)
    yield f"{_h('documents', lang)}{colon(lang)}{_documents(statement['documents'], lang, titles)}"
    qualified = statement["qualification"]
    if qualified is not None and qualified.get("clause") is not None:
        until = f", {_h('until', lang)} {qualified['valid_until']}" if qualified.get("valid_until") else ""
        state = state_word("qualification", qualified, lang)
        yield f"{_h('qualification', lang)}{colon(lang)}{state}{until} ({qualified['clause']})"
    for section, lines in (
        ("penalties", _penalties),
        ("amounts", _amounts),
        ("deadlines", _deadlines),
        ("indicators", _indicators),
        ("support", _support),
        ("support_objectives", _objectives),
        ("findings", _findings),
    ):
        rows = statement[section]
        said = [f"  {line}" for line in lines(rows, lang, titles)] if rows else []
        if said:
            yield ""
            yield _h(section, lang)
            yield from said


def _documents(documents: Sequence[str], lang: str, titles: Titles) -> str:
    named = [f"{_title(name, lang, titles)} ({name})" for name in documents]
    return pick(("; ", " ; "), lang).join(named) or _h("none", lang)


def _title(rule: str, lang: str, titles: Titles) -> str:
    words = titles(rule)
    return rule if words is None else pick(words, lang)


def _called(rule: str, clause: str | None, lang: str, titles: Titles) -> str:
    """A rule by its title, its clause and its id."""
    at = f"{clause}, {rule}" if clause else rule
    return f"{_title(rule, lang, titles)} ({at})"


def _penalties(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """Each penalty: what is payable and in which state; then the total."""
    del titles
    for row in rows:
        said = [state_word("penalties", row, lang)]
        if row["payable"] is not None:
            said.insert(0, f"{_h('payable', lang)} {money(row['payable'])}")
        if row["gross"] is not None and row["gross"] != row["payable"]:
            said.append(f"{_h('gross', lang)} {money(row['gross'])}")
        if row["claim_by"] is not None and row["state"] in ("claimable", "cap-pending", "suspended"):
            said.append(f"{_h('claim_by', lang)} {moment(row['claim_by'])}")
        yield f"{_h('ended', lang)} {row['period_end']}{colon(lang)}{', '.join(said)} ({row['clause']})"
    known = [row for row in rows if row["payable"] is not None]
    if len(known) > 1:
        sums: dict[str, Fraction] = {}
        for row in known:
            word = state_word("penalties", row, lang)
            sums[word] = sums.get(word, Fraction(0)) + Fraction(row["payable"])
        by_state = ", ".join(f"{word} {money(amount)}" for word, amount in sums.items())
        yield f"{_h('in_all', lang)}{colon(lang)}{money(sum(sums.values(), Fraction(0)))} ({by_state})"


def _amounts(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """Each sum; those of one rule that are down to nothing in one state are counted where they are many."""
    spent = Counter(_spent(row) for row in rows)
    for (rule, state, clause), count in spent.items():
        if rule is not None and count >= MANY:
            word = state_word("amounts", {"state": state}, lang)
            called = _called(rule, clause, lang, titles)
            yield f"{money('0')}{colon(lang)}{called}, {word}, {count} {_h('times', lang)}"
    for row in rows:
        if spent[_spent(row)] >= MANY and row["amount"] == "0":
            continue
        unit = unit_word(row.get("unit") or "EUR", lang)
        amount = _h("no_figure", lang) if row["amount"] is None else money(row["amount"], unit)
        about = [
            f"{field_word(name, lang)} {row[name]}"
            for name in ("invoice", "credit", "liability", "ticket", "resource_type", "month", "days", "valid_until")
            if row.get(name) is not None
        ]
        if row.get("state") in STATES["amounts"]:
            about.append(state_word("amounts", row, lang))
        called = _called(row["rule"], row["clause"], lang, titles)
        yield f"{amount}{colon(lang)}{', '.join([called, *about])}"


def _spent(row: Row) -> tuple[str | None, str, str]:
    """What tells apart the sums that are down to nothing; (None, …) for any other."""
    if row["amount"] != "0" or row.get("state") not in STATES["amounts"]:
        return None, "", ""
    return row["rule"], row["state"], row["clause"]


def _deadlines(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """What is to come by date, what was not done in time, what has no delay; what is done is counted by rule."""
    for state in ("pending", "missed", "open-ended"):
        kept = [row for row in rows if row["state"] == state]
        kept.sort(key=lambda row: (row["due"] or row["from"] or "", row["rule"]))
        if kept:
            yield f"{_h(state, lang)}"
            yield from (f"  {line}" for line in _by_rule(kept, lang, titles))
    done = Counter((row["rule"], row["clause"], state_word("deadlines", row, lang)) for row in rows if _is_done(row))
    if done:
        yield _h("done", lang)
        for (rule, clause, word), count in done.items():
            often = f", {count} {_h('times', lang)}" if count > 1 else ""
            yield f"  {_called(rule, clause, lang, titles)}{colon(lang)}{word}{often}"


def _is_done(row: Row) -> bool:
    return row["state"] not in ("pending", "missed", "open-ended")


def _by_rule(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """One line per row, or per rule where it has many."""
    counts = Counter(row["rule"] for row in rows)
    told: set[str] = set()
    for row in rows:
        rule = row["rule"]
        if counts[rule] < MANY:
            yield _deadline(row, lang, titles)
        elif rule not in told:
            told.add(rule)
            last = [other for other in rows if other["rule"] == rule][-1]
            often = f"{counts[rule]} {_h('times', lang)}, {_h('last', lang)} {_due(last, lang)}"
            called = _called(rule, row["clause"], lang, titles)
            yield f"{party_word(row['owed_by'], lang)}  {called}{colon(lang)}{often}"


def _due(row: Row, lang: str) -> str:
    if row["due"] is None:
        return _h("since", lang) + " " + moment(row["from"]) if row["from"] else ""
    return row["last_day"] or moment(row["due"])


def _deadline(row: Row, lang: str, titles: Titles) -> str:
    said = [
        f"{_due(row, lang)}  {party_word(row['owed_by'], lang)}  {_called(row['rule'], row['clause'], lang, titles)}"
    ]
    if row["earliest"] is not None:
        said.append(f"{_h('earliest', lang)} {moment(row['earliest'])}")
    if row.get("safe_until") is not None and row["state"] == "pending":
        said.append(f"{_h('safe', lang)} {moment(row['safe_until'])}")
    return ", ".join(said)


def _indicators(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """The periods in each state are counted; those breached are told one by one."""
    counts = Counter(row["state"] for row in rows)
    order = ("met", "breached", "running", "unmeasured", "no-commitment")
    shown = [f"{state_word('indicators', {'state': state}, lang)} {counts[state]}" for state in order if counts[state]]
    yield f"{_h('periods', lang)}{colon(lang)}{', '.join(shown)}"
    by_line: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        if row["state"] == "breached":
            by_line.setdefault((row["indicator"], row["resource"]), []).append(row)
    for (indicator, resource), breached in by_line.items():
        named = "" if resource is None else f", {resource}"
        yield f"{_called(indicator, breached[0]['clause'], lang, titles)}{named}"
        yield from (f"  {_breach(row, lang)}" for row in breached[-MOST:])
        if len(breached) > MOST:
            yield f"  … {len(breached) - MOST} {_h('more', lang)}"


def _breach(row: Row, lang: str) -> str:
    period = f"{moment(row['period']['from'])[:10]} – {moment(row['period']['to'])[:10]}"
    if row["availability"] is not None:
        figure = f"{percent(row['availability'])}, {_h('target', lang)} {row['target']} %"
    else:
        figure = f"{number(row['value'])}, {_h('target', lang)} {row['target']}"
    said = [f"{period}  {figure}"]
    if row["counted_seconds"] is not None and row["allowed_seconds"] is not None:
        said.append(f"{_h('counted', lang)} {seconds(row['counted_seconds'], lang)}")
        said.append(f"{_h('allowed', lang)} {number(row['allowed_seconds'])} s")
    said.append(_h("claimable" if row["claimable"] else "not_claimable", lang))
    return ", ".join(said)


def _support(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """Counts, then what is late or running."""
    counts = Counter(row["state"] for row in rows)
    order = ("met", "missed", "running", "not-applicable")
    yield ", ".join(f"{state_word('support', {'state': s}, lang)} {counts[s]}" for s in order if counts[s])
    for row in rows:
        if row["state"] not in ("missed", "running"):
            continue
        due = "" if row["due"] is None else f", {field_word('due', lang)} {moment(row['due'])}"
        spent = f", {_h('elapsed', lang)} {seconds(row['elapsed_seconds'], lang)}"
        word = state_word("support", row, lang)
        called = _called(row["commitment"], row["clause"], lang, titles)
        yield f"{row['ticket']}{colon(lang)}{word}{due}{spent}. {called}"


def _objectives(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """Counts of the months with tickets, then the months missed or open."""
    counts = Counter(row["state"] for row in rows if row["state"] != "no-data")
    if not counts:
        return
    order = ("met", "missed", "running")
    yield ", ".join(f"{state_word('support_objectives', {'state': s}, lang)} {counts[s]}" for s in order if counts[s])
    for row in rows:
        if row["state"] in ("missed", "running"):
            share = f"{row['met']}/{row['total']} = {percent(row['ratio'])}, {_h('target', lang)} {row['objective']} %"
            word = state_word("support_objectives", row, lang)
            called = _called(row["commitment"], row["clause"], lang, titles)
            yield f"{row['month']}{colon(lang)}{word}, {share}. {called}"


def _findings(rows: Rows, lang: str, titles: Titles) -> Iterator[str]:
    """Each finding once; those that say the same of several events are told together."""
    del titles
    told: dict[tuple[str, str | None, str | None], int] = {}
    for row in rows:
        key = (_dated(row["message_fr"] if lang == "fr" else row["message"]), row["clause"], row["rule"])
        told[key] = told.get(key, 0) + 1
    for (message, clause, rule), count in told.items():
        about = "" if rule is None else f" ({clause}, {rule})"
        yield f"{message}{about}{'' if count == 1 else f' × {count}'}"


def _dated(message: str) -> str:
    """The sentence with its instants as people read them."""
    return " ".join(_word(word) for word in message.split(" "))


def _word(word: str) -> str:
    bare = word.rstrip(".,:;)")
    return moment(bare) + word[len(bare) :] if is_instant(bare) else word
