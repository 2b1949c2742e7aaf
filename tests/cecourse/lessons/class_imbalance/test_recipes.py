"""Lines of the notebooks that are meant to be copied: none of them charges a price twice."""

import re
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[4] / "notebooks" / "source").glob("*.md"))
BLOCKS = {
    source.stem: re.findall(r"```python\n(.*?)```", source.read_text(encoding="utf-8"), re.DOTALL)
    for source in SOURCES
}
WEIGHT = re.compile(r"weight=(?!1\b|None)")
CUT = re.compile(r"threshold=|>= *1 */ *\d|>= *0\.0")


def weighs_and_cuts(block):
    """Whether a block of code, without its comments, has a weight and a cut of its own."""
    code = re.sub(r"#.*", "", block)
    return bool(WEIGHT.search(code) and CUT.search(code))


@pytest.mark.parametrize("name", [name for name, blocks in BLOCKS.items() if blocks])
def test_no_block_to_copy_has_both_a_weight_and_a_low_cut(name):
    assert not [block for block in BLOCKS[name] if weighs_and_cuts(block)]


def test_a_block_with_both_would_be_seen():
    both = "XGBClassifier(scale_pos_weight=550)\nFixedThresholdClassifier(m, threshold=1 / 551)"
    assert weighs_and_cuts(both)
    assert not weighs_and_cuts(both.replace("550", "1"))
    assert not weighs_and_cuts(both.replace("threshold=1 / 551", "  # threshold=1 / 551"))
