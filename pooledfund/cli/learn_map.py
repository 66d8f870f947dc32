"""The command that guesses how an extract reads, shows what it would post, and writes its map."""

import argparse
from dataclasses import replace
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.cli.intake import imported_text
from pooledfund.cli.session import CallRefused, open_pool, print_json
from pooledfund.cli.tables import money, table
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import preview_actuals
from pooledfund.intake.learning import Learnt, assigned, check_assigned, learn, map_text, relearn
from pooledfund.intake.maps import LedgerMap, read_map
from pooledfund.pool import Pool


def learn_map(call: argparse.Namespace) -> int:
    """Guess a map, or hold one against a file, assign codes, show what it would post, and write it."""
    pool = open_pool(call)
    require(pool.actor, Action.IMPORT)
    path = Path(call.file)
    schemes = _assigned(call)
    check_assigned(schemes, pool.agreement)
    learnt = _learnt(call, pool, path)
    ledger_map = assigned(learnt.map, learnt.code_column, schemes)
    if schemes:
        learnt = replace(learnt, codes=relearn(path, pool.agreement, ledger_map).codes)
    if call.output:
        _write(Path(call.output), map_text(ledger_map), is_update=call.map == call.output)
    if call.json:
        print_json(_json(learnt, ledger_map))
        return 0
    print(_text(path, learnt))
    print()
    print(_preview(pool, path, ledger_map))
    print()
    print(f"Wrote {call.output}" if call.output else map_text(ledger_map).rstrip())
    return 0


def _learnt(call: argparse.Namespace, pool: Pool, path: Path) -> Learnt:
    if call.map:
        return relearn(path, pool.agreement, read_map(Path(call.map), pool.agreement).map)
    if call.of is None:
        raise CallRefused("a new map says whose ledger it reads: name the partner with --of, or a map with --map")
    if call.of not in pool.agreement.partners:
        raise CallRefused(f"'{call.of}' is not a partner: use one that the agreement names")
    return learn(path, pool.agreement, call.of, call.sheet)


def _assigned(call: argparse.Namespace) -> dict[str, str]:
    found = {}
    for text in call.assign:
        code, equals, scheme = text.rpartition("=")
        if not equals or not code.strip() or not scheme.strip():
            raise CallRefused(f"--assign '{text}' is not a code and its line: write CC4911=S3")
        found[code.strip()] = scheme.strip()
    return found


def _write(target: Path, text: str, *, is_update: bool) -> None:
    if target.exists() and not is_update:
        raise CallRefused(f"{target} is there already: name it with --map too to add to it, or write to another file")
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CallRefused(f"{target}: cannot be written ({error.strerror}): name another file") from None


def _text(path: Path, learnt: Learnt) -> str:
    lines = [f"{path.name}:", *(f"  {each}" for each in learnt.guesses)]
    lines += [f"  NOT CLEAR: {each}" for each in learnt.unclear]
    rows = [
        [each.code or "(blank)", f"{each.rows:,}", money(each.cost_pence), each.words,
         each.scheme or (f"none, perhaps {each.suggested}" if each.suggested else "none")]
        for each in learnt.codes
    ]  # fmt: skip
    rows.append(["Total", f"{sum(each.rows for each in learnt.codes):,}",
                 money(sum(each.cost_pence for each in learnt.codes)), "", ""])  # fmt: skip
    header = [learnt.code_column, "Rows", "Cost", "Words", "Line"]
    return "\n".join([*lines, "", table("Codes of the file, £", "lrrll", header, rows, totals=1)])


def _preview(pool: Pool, path: Path, ledger_map: LedgerMap) -> str:
    try:
        return imported_text(preview_actuals(pool, path, ledger_map))
    except InputRefused as error:
        return f"With this map the file would be refused:\n{error}"


def _json(learnt: Learnt, ledger_map: LedgerMap) -> dict[str, object]:
    return {
        "guesses": list(learnt.guesses),
        "unclear": list(learnt.unclear),
        "code_column": learnt.code_column,
        "codes": [each.as_json() for each in learnt.codes],
        "map": map_text(ledger_map),
    }
