"""The question about rain and its hints speak of one forecast."""

from cecourse.lessons.start_here.exercises import rain


def test_rain_is_what_happened():
    assert "gave rain a probability of 0.6. It rained." in " ".join(rain.question.split())
    assert "it rained, and rain had 0.6" in rain.hints[0]
    assert "log p ≤ 0, and a surprise is never negative" in rain.hints[1]
