"""Ask of `cehelpers` what the peers' own tests ask of the peers, and compare.

python -m vectors.peers            # or `make peers`: all of them, into vectors/peers.json
python -m vectors.peers scipy      # one of them
python -m vectors.peers --check    # does the file still say what happens? Write nothing
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module, metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from vectors.peers.plugin import DIFFERENT, KINDS, NOT_OURS, REFUSED, UNEXPLAINED, run

PEERS = ("scipy", "sklearn", "optax", "keras")
FILE = Path(__file__).parents[1] / "peers.json"

Row = dict[str, Any]


def main(words: list[str] | None = None, file: Path = FILE) -> int:
    """0 where every difference has its reason (and all is as recorded), 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m vectors.peers")
    parser.add_argument("peer", nargs="*", default=PEERS, help=f"{', '.join(PEERS)}, or all")
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    asked = parser.parse_args(words)
    rows, faults = recorded(file), []
    for name in asked.peer:
        peer = import_module(f"vectors.peers.{name}")
        found = row(peer)
        print(text(found), end="\n\n")
        faults += faults_of(found, peer.HABITS)
        if asked.check:
            faults += changes(rows.get(name), found)
        rows[name] = found
    if not (asked.check or faults):
        ordered = {name: rows[name] for name in PEERS if name in rows}
        file.write_text(written(ordered), encoding="utf-8", newline="\n")
    print("\n".join(faults))
    return int(bool(faults))


def row(peer: ModuleType) -> Row:
    """What a peer's tests come to."""
    record = run(peer)
    return {
        "name": peer.NAME,
        "version": metadata.version(peer.DISTRIBUTION),
        "tests": dict(sorted(record.tests.items())),
        "functions": {
            name: {kind: counts[kind] for kind in KINDS} for name, counts in record.calls.items()
        },
        "reasons": [asdict(reason) for reason in record.reasons.values()],
    }


def recorded(file: Path = FILE) -> dict[str, Row]:
    """The rows of peers.json."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def written(rows: dict[str, Row]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def totals(*rows: Row) -> dict[str, int]:
    """The counts of all functions together."""
    return {kind: sum(f[kind] for r in rows for f in r["functions"].values()) for kind in KINDS}


# ---------------------------------------------------------------- what is wrong


def faults_of(found: Row, habits: dict[str, dict[str, Any]]) -> list[str]:
    """Differences without a reason, functions that no test calls, habits that none shows."""
    name, reasons = found["name"], found["reasons"]
    odd = [one for one in reasons if one["why"] == UNEXPLAINED]
    lines = [
        f"unexplained: {one['function']}, {one['count']} times: {one['example']}" for one in odd
    ]
    for function, counts in found["functions"].items():
        whys = [one["why"] for one in reasons if one["function"] == function]
        if not any(counts.values()):
            lines.append(f"no test of {name} calls {function}")
        for habit in habits.get(function, {}):
            if not any(f"{name} {habit}" in why for why in whys):
                lines.append(f"no test shows that {name} {habit}: {function}")
    return lines


def changes(kept: Row | None, found: Row) -> list[str]:
    """What is no longer as it was recorded; an example may be another."""
    if kept is None:
        return [f"{found['name']} is not in the file"]
    was, now = facts(kept), facts(found)
    return [
        f"{found['name']}, {what}: recorded {was.get(what)}, here {now.get(what)}"
        for what in was | now
        if was.get(what) != now.get(what)
    ]


def facts(one: Row) -> dict[str, Any]:
    """What is compared, by what it is about."""
    whys = {f"{r['function']}, {r['kind']}, {r['why']}": r["count"] for r in one["reasons"]}
    return {"version": one["version"], "tests": one["tests"]} | one["functions"] | whys


# ---------------------------------------------------------------- for people


def text(found: Row) -> str:
    """A table of a peer's functions, then the reasons, with an example of each."""
    tests = ", ".join(f"{count} {outcome}" for outcome, count in found["tests"].items())
    lines = [f"{found['name']} {found['version']}: {tests} of its own tests"]
    table = {"": {kind: kind for kind in KINDS}} | found["functions"] | {"all": totals(found)}
    width = max(map(len, table))
    for name, counts in table.items():
        cells = [f"{counts[kind]:>{len(kind)}}" for kind in KINDS]
        lines.append("  ".join([f"{name:{width}}", *cells]))
    for kind in (DIFFERENT, REFUSED, NOT_OURS):
        for one in found["reasons"]:
            if one["kind"] == kind:
                lines.append(f"{kind}, {one['count']}: {one['function']}: {one['why']}")
                example = one["example"].items() if kind != NOT_OURS else ()
                lines += [f"    {what}: {value}" for what, value in example]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
