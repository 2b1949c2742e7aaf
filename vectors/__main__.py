"""Run the vectors against a library, or against a command that speaks JSON.

python -m vectors --library torch            # or yours.py
python -m vectors --command "node mine.js"
python -m vectors --scoreboard               # all libraries that are installed here
"""

from __future__ import annotations

import argparse
import json
import sys

from vectors import report, scoreboard
from vectors.adapters import Command, Module, load, names
from vectors.runner import Problem, cases, run, tally


def main(words: list[str] | None = None) -> int:
    """0 where nothing is wrong, 1 where something is, 2 where the vectors could not be run."""
    parser = argparse.ArgumentParser(prog="python -m vectors", description=__doc__.splitlines()[0])
    add = parser.add_argument
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--library", help=f"{', '.join(names())}, or the path of an adapter")
    who.add_argument("--command", help="a program that answers each line of JSON with one")
    add("--flag", action="append", default=[], help="only cases with this flag; may be repeated")
    add("--family", action="append", default=[], help="only this file of cases; may be repeated")
    add("--single", action="store_true", help="ask in 32 bits, and judge so")
    add("--seconds", type=float, default=60, help="how long a command may take for a case")
    add("--json", action="store_true", help="every verdict, as JSON")
    add("--list-flags", action="store_true", help="print what each flag means")
    add("--scoreboard", action="store_true", help="write scoreboard.json anew, or its one library")
    add("--check", action="store_true", help="compare with scoreboard.json, write nothing")
    asked = parser.parse_args(words)
    try:
        if asked.list_flags:
            print(report.listed())
            return 0
        if asked.scoreboard or asked.check:
            return scoreboard.main([asked.library] if asked.library else names(), asked.check)
        if not (asked.library or asked.command):
            parser.error("name a --library or a --command")
        return judged(asked)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2


def judged(asked: argparse.Namespace) -> int:
    """Run, report, and say whether anything is wrong."""
    todo = cases(asked.family, asked.flag)
    if asked.command:
        ask = Command(asked.command, seconds=asked.seconds, single=asked.single)
    else:
        ask = Module(load(asked.library), single=asked.single)
    try:
        verdicts = run(ask, todo, single=ask.single)
    finally:
        ask.close()
    if asked.json:
        print(json.dumps(report.as_json(ask.name, ask.version, verdicts), indent=1))
    else:
        name = f"{ask.name} {ask.version}".strip()
        print(report.text(name, verdicts, skipped=len(todo) - len(verdicts)))
    return int(tally(verdicts)["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
