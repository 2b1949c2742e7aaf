"""What the book's page on the loss vectors leaves open: the scoreboard, and each flag's meaning."""

from __future__ import annotations

from vectors.runner import OUTCOMES, PLAIN, cases, flags
from vectors.scoreboard import Row, recorded

ORDER = ("cehelpers", "torch", "jax", "optax", "keras", "scipy", "sklearn", "numpy")


def places() -> dict[str, str]:
    """The parts of the page by the name of their place."""
    board = recorded()
    rows = [board[name] for name in sorted(board, key=ORDER.index)]
    return {
        "cases": str(len(cases())),
        "flags": str(len(flags())),
        "board": table(rows),
        "matrix": matrix(rows),
        "differences": "\n\n".join(map(section, rows)),
        "meanings": meanings(),
    }


def grid(head: list[str], rows: list[list[str]], right: int = 1) -> str:
    """A Markdown table, the columns from `right` on set to the right."""
    rule = ["---"] * right + ["--:"] * (len(head) - right)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def table(rows: list[Row]) -> str:
    """A line for each library: how its answers came out."""
    head = ["library", "bits", *OUTCOMES, "of these, bad input scored"]
    lines = [
        [f"{row['name']} {row['version']}", str(row["bits"])]
        + [str(row["counts"][outcome]) for outcome in OUTCOMES]
        + [str(row["bad input scored"])]
        for row in rows
    ]
    return grid(head, lines)


def matrix(rows: list[Row]) -> str:
    """A line for each flag: how many of its cases each library answers wrongly."""
    lines = []
    for flag in [*flags(), PLAIN]:
        found = [row["flags"].get(flag) for row in rows]
        lines.append([f"`{flag}`", *map(wrong, found)])
    return grid(["flag", *(row["name"] for row in rows)], lines)


def wrong(count: dict[str, int] | None) -> str:
    """How many of the answers are wrong; a dash where there are none."""
    answered = sum(count.values()) - count["not offered"] if count else 0
    return f"{count['wrong']} of {answered}" if answered else "–"


def section(row: Row) -> str:
    """What a library does otherwise, each with an example."""
    lines = [f"### {row['name']} {row['version']}", "", f"Asked were {row['functions']}.", ""]
    for entry in row["differences"]:
        count = ", ".join(f"{entry[what]} {what}" for what in ("wrong", "refused") if entry[what])
        known = ", ".join(f"`{flag}`" for flag in entry["flags"])
        lines += [f"- {entry['sentence']} ({count}: {known})", "", "  ```text"]
        lines += [f"  {line}" for line in entry["example"]] + ["  ```", ""]
    if not row["differences"]:
        lines += ["Nothing came out otherwise.", ""]
    return "\n".join(lines)


def meanings() -> str:
    """Each flag, its sentence, and links to the reports."""
    lines = []
    for flag, about in flags().items():
        links = [
            f"[{one['repository']}#{one['number']}]"
            f"(https://github.com/{one['repository']}/issues/{one['number']}) ({one['year']})"
            for one in about["reports"]
        ]
        lines.append([f"`{flag}`", about["sentence"], ", ".join(links) or "–"])
    return grid(["flag", "what goes wrong", "reported in"], lines, right=3)
