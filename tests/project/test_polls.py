"""The page of polls is made from the predictions, and no other word stands in it."""

from tools import polls


def test_the_page_is_that_of_the_predictions():
    assert polls.FILE.read_text(encoding="utf-8") == polls.page(), "say `make notebooks`"


def test_a_poll_has_its_answer_and_what_makes_the_others_tempting():
    from cecourse.lessons.binary_cross_entropy.predictions import costlier_change as asked

    text = "\n\n".join(polls.poll(asked))
    before, after = text.split("<details><summary>Answer</summary>")
    assert all(f"- {letter}. {option}" in before for letter, option in asked.lettered)
    assert f"**{asked.letter}.** {asked.right.reason}" in after
    for (letter, _), option in zip(asked.lettered, asked.options, strict=True):
        assert option.reason not in before
        assert (f"- *{letter}?* {option.reason}" in after) == (option != asked.right)
