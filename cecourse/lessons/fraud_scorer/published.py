"""Ten tables of other people, each with base rate, AUC and log loss: could these be calibrated?

Nine are leaderboards of BARS, an open benchmark that ran many models for click-through rate anew
on the same splits; the counts of positives are from its logs of the test rows. From each the same
six models are quoted. The tenth is a README, which says how many rows there are, not which part of
them is the test: its digits leave room for that.
"""

from typing import NamedTuple

from cehelpers import audit_report
from cehelpers.ceilings import ReportAudit

BARS = (
    "Zhu, Dai, Su, Ma, Liu, Cai, Xiao & Zhang 2022, BARS: Towards Open Benchmarking for "
    "Recommender Systems, SIGIR, arXiv:2205.09626, leaderboard {}"
)
WHERE = "https://github.com/reczoo/BARS/blob/main/docs/CTR/leaderboard/{}.csv"
MODELS = ("LR", "FM", "DeepFM", "xDeepFM", "AutoInt+", "FiBiNET")


class Table(NamedTuple):
    """A published table.

    `rows` are (model, AUC, log loss) as printed, `digits` the decimals of base rate, AUC and log
    loss, None where it is a count.
    """

    name: str
    positives: int
    n: int
    digits: tuple[int | None, int, int]
    rows: tuple[tuple[str, float, float], ...]
    citation: str
    url: str


def _bars(name: str, positives: int, n: int, aucs: list[float], losses: list[float]) -> Table:
    rows = tuple(zip(MODELS, aucs, losses, strict=True))
    return Table(
        name, positives, n, (None, 4, 4), rows, BARS.format(name), WHERE.format(name.lower())
    )


TABLES = (
    _bars(
        "Criteo_x1",
        1_174_769,
        4_587_167,
        [0.7886, 0.8022, 0.8137, 0.8139, 0.8139, 0.8130],
        [0.4609, 0.4491, 0.4381, 0.4380, 0.4379, 0.4388],
    ),
    _bars(
        "Criteo_x4_001",
        1_174_544,
        4_584_062,
        [0.7934, 0.8086, 0.8143, 0.8143, 0.8132, 0.8131],
        [0.4568, 0.4431, 0.4376, 0.4376, 0.4390, 0.4387],
    ),
    _bars(
        "Criteo_x4_002",
        1_174_544,
        4_584_062,
        [0.7936, 0.8078, 0.8141, 0.8144, 0.8134, 0.8134],
        [0.4566, 0.4445, 0.4378, 0.4375, 0.4385, 0.4386],
    ),
    _bars(
        "Avazu_x1",
        1_232_985,
        8_085_794,
        [0.7516, 0.7613, 0.7648, 0.7647, 0.7645, 0.7645],
        [0.3735, 0.3677, 0.3667, 0.3671, 0.3668, 0.3673],
    ),
    _bars(
        "Avazu_x4_001",
        686_507,
        4_042_898,
        [0.7775, 0.7887, 0.7930, 0.7933, 0.7902, 0.7953],
        [0.3815, 0.3754, 0.3719, 0.3718, 0.3746, 0.3705],
    ),
    _bars(
        "Avazu_x4_002",
        686_507,
        4_042_898,
        [0.7804, 0.7909, 0.7962, 0.7967, 0.7953, 0.8003],
        [0.3799, 0.3736, 0.3702, 0.3697, 0.3709, 0.3675],
    ),
    _bars(
        "KKBox_x1",
        371_466,
        737_743,
        [0.7678, 0.8304, 0.8531, 0.8535, 0.8534, 0.8499],
        [0.5746, 0.5060, 0.4785, 0.4772, 0.4773, 0.4814],
    ),
    _bars(
        "Frappe_x1",
        9_536,
        28_860,
        [0.9356, 0.9671, 0.9842, 0.9845, 0.9848, 0.9832],
        [0.3076, 0.2065, 0.1482, 0.1466, 0.1490, 0.1941],
    ),
    _bars(
        "MovielensLatest_x1",
        66_850,
        200_686,
        [0.9342, 0.9434, 0.9685, 0.9697, 0.9692, 0.9576],
        [0.3201, 0.2729, 0.2130, 0.2409, 0.2148, 0.2518],
    ),
    Table(
        "CTRLib, Criteo 1M",
        29_040,
        1_000_000,
        (2, 3, 2),  # how many test rows is not said, and the ± are up to .0006 and .0033
        (("LR", 0.74896, 0.33974), ("FM", 0.75236, 0.27502)),
        "AlenUbuntu, CTRLib, README: 29,040 positives in 1,000,000 rows",
        "https://github.com/AlenUbuntu/CTRLib",
    ),
)

STORY = Table(
    "Harbor Payments",
    4_320,  # 0.18% of 2.4 million
    2_400_000,
    (4, 2, 3),
    (("last epoch", 0.96, 0.011),),
    "the story: 0.18% of 2.4 million, AUC 0.96, log loss 0.011",
    "",
)


def audit_table(table: Table) -> list[tuple[str, ReportAudit]]:
    """Return each row's model with its `ReportAudit`."""
    rate = table.positives / table.n
    return [
        (model, audit_report(rate, auc, loss, table.n, table.digits))
        for model, auc, loss in table.rows
    ]


def overview(tables: tuple[Table, ...] = TABLES) -> str:
    """Return a line for each table: base rate, its worst row, and how many rows are impossible."""
    lines = [
        f"{'table':<19} {'rate':>6}  {'worst row':<10} {'AUC':>6} {'loss':>6} {'ceiling':>7}"
        "  impossible"
    ]
    for table in tables:
        audits = audit_table(table)
        over = [
            loss / max(report.ceiling_high, 1e-12)
            for (_, report), (*_, loss) in zip(audits, table.rows, strict=True)
        ]
        worst = over.index(max(over))
        (model, report), (_, auc, loss) = audits[worst], table.rows[worst]
        bad = sum(one.verdict == "impossible" for _, one in audits)
        lines.append(
            f"{table.name:<19} {table.positives / table.n:6.2%}  {model[:10]:<10} "
            f"{auc:6.4f} {loss:6.4f} {report.ceiling_high:7.4f}  {bad} of {len(audits)}"
        )
    return "\n".join(lines)
