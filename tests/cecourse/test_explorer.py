"""The engine of the explorers: what moves lies above the scenery, and the caption never lies."""

import re

import pytest

from cecourse import palette, widgets
from cecourse.explorer import Explorer
from cecourse.markup import themed
from cecourse.picture import HALO, HALO_COLOUR, write

ALT = "A straight line rises from 0 to 1 and a dot moves along it as the slider moves."


def draw(fig):
    ax = fig.subplots()
    ax.plot([0, 1], [0, 1])
    ax.set(xlim=(0, 1), ylim=(0, 1), title="A dot on a line")
    (dot,) = ax.plot([0], [0], "o", color="#123456")
    bars = ax.bar([0.2, 0.8], [0.1, 0.1], color="#654321")
    return {"dot": dot, "bars": bars}


def update(artists, x, far):
    if x == 0.13:
        raise ValueError("x must not be 0.13")
    artists["dot"].set_data([x], [x])
    artists["dot"].axes.set_xlim(0, 10 if far else 1)
    for bar in artists["bars"]:
        bar.set_height(x / 2)
    return f"x = {x:.2f} <- here"


@pytest.fixture
def explorer():
    return Explorer(
        {
            "x": widgets.FloatSlider(0.5, min=0, max=1, step=0.01, description="position"),
            "far": widgets.Checkbox(False, description="from afar"),
        },
        draw,
        update,
        alt=ALT,
        presets={"End": {"x": 1.0, "far": True}},
    )


def press(explorer, label):
    row = explorer.children[1]
    next(button for button in row.children if button.description == label).click()


def test_a_control_moves_the_artists_the_picture_and_the_caption(explorer):
    before = explorer._foreground.value, explorer._background.value
    explorer.controls["x"].value = 0.25
    assert explorer.artists["dot"].get_xdata() == [0.25]
    assert explorer.artists["bars"][0].get_height() == 0.125
    assert explorer.caption == "x = 0.25 <- here"
    assert "x = 0.25 &lt;- here" in explorer._foreground.value
    assert explorer._foreground.value != before[0]
    assert explorer._background.value == before[1], "the scenery is drawn once"


def test_the_scenery_has_the_line_and_what_moves_lies_above_it(explorer):
    assert "#123456" not in explorer._background.value
    assert "#654321" not in explorer._background.value
    assert "#123456" in explorer._foreground.value
    assert "#654321" in explorer._foreground.value


def test_new_limits_draw_the_scenery_again(explorer):
    before = explorer._background.value
    explorer.controls["far"].value = True
    assert explorer._background.value != before


def test_the_live_picture_carries_its_description_and_numbers(explorer):
    assert f'role="img" aria-label="{ALT} x = 0.50 &lt;- here"' in explorer._foreground.value


def test_a_preset_sets_all_values_with_one_step_and_reset_brings_back_the_start(explorer):
    captions = []
    explorer._foreground.observe(lambda change: captions.append(change.new), names="value")
    press(explorer, "End")
    assert explorer.values == {"x": 1.0, "far": True}
    assert len(captions) == 1
    press(explorer, "Reset")
    assert explorer.values == {"x": 0.5, "far": False}
    assert explorer.caption == "x = 0.50 <- here"


def test_an_error_is_shown_in_the_caption_and_the_next_step_works(explorer):
    explorer.controls["x"].value = 0.13
    assert explorer.caption == "This setting failed with ValueError: x must not be 0.13"
    assert 'role="alert"' in explorer._foreground.value
    explorer.controls["x"].value = 0.14
    assert explorer.caption == "x = 0.14 <- here"


def test_an_error_in_drawing_is_shown_too_and_a_caption_that_is_no_text_does_no_harm():
    control = widgets.IntSlider(0, min=0, max=2, description="x")

    def odd(artists, x):
        artists["dot"].axes.set_title(r"$\frac{$" if x == 1 else "", loc="left")
        return None if x == 2 else "fine"

    explorer = Explorer({"x": control}, draw, odd, alt=ALT)
    control.value = 1
    assert explorer.caption.startswith("This setting failed with ")
    assert 'role="alert"' in explorer._foreground.value
    control.value = 2
    assert explorer.caption == "None"
    control.value = 0
    assert explorer.caption == "fine"


def test_a_control_that_update_sets_is_no_second_step():
    control = widgets.IntSlider(0, min=0, max=9, description="x")
    seen = []

    def tidy(artists, x):
        seen.append(x)
        control.value = 2 * (x // 2)
        return f"x = {x}"

    explorer = Explorer({"x": control}, draw, tidy, alt=ALT)
    seen.clear()
    control.value = 5
    assert seen == [5]
    assert control.value == 4
    control.value = 8
    assert seen == [5, 8]
    assert explorer.caption == "x = 8"


def test_the_scenery_stays_where_it_was(explorer):
    before = [ax.get_position().bounds for ax in explorer.figure.axes]
    explorer.artists["dot"].axes.set_ylabel("a label\nof three\nlines")
    explorer.set(x=0.75)
    assert [ax.get_position().bounds for ax in explorer.figure.axes] == before


def test_the_output_holds_a_still_its_words_and_the_live_view(explorer, monkeypatch):
    monkeypatch.delenv("CEHELPERS_PICTURES")
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == "x = 0.50 <- here"
    assert f'alt="{ALT} x = 0.50 &lt;- here"' in data["text/html"]
    assert data["image/png"].startswith("iVBOR")
    assert metadata["image/png"]["alt"] == f"{ALT} x = 0.50 <- here"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_two_explorers_give_the_same_still(explorer):
    again = Explorer(
        {
            "x": widgets.FloatSlider(0.5, min=0, max=1, step=0.01, description="position"),
            "far": widgets.Checkbox(False, description="from afar"),
        },
        draw,
        update,
        alt=ALT,
    )
    assert again._repr_mimebundle_()[0]["image/png"] == explorer._repr_mimebundle_()[0]["image/png"]


def test_a_strip_has_a_titled_panel_for_each_setting_and_moves_nothing(explorer):
    fig, told = explorer.strip({"low": {"x": 0.1}, "high": {"x": 0.9}, "far": {"far": True}})
    assert told.startswith(f"{ALT} low: x = 0.10 <- here high: x = 0.90")
    assert [panel.get_suptitle() for panel in fig.subfigs] == ["low", "high", "far"]
    dots = [panel.axes[0].lines[1].get_xdata()[0] for panel in fig.subfigs]
    assert dots == [0.1, 0.9, 0.5]
    assert explorer.caption == "x = 0.50 <- here"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("x = .1", "x = 0.10 <- here"),  # nothing that the caption does not say
        ("Low: x = .1", "Low: x = 0.10 <- here"),
        ("Here, x = 1", "x = 1: x = 0.10 <- here"),  # another number is not the same
        ("x near 0.1", "x near 0.1: x = 0.10 <- here"),
    ],
)
def test_the_description_of_a_strip_says_a_setting_once(explorer, title, said):
    assert explorer.strip({title: {"x": 0.1}}).description == f"{ALT} {said}"


def test_a_preset_brings_the_other_controls_back_and_an_action_leaves_them():
    controls = {"x": widgets.FloatSlider(0.5, min=0, max=1, description="x")}
    controls["far"] = widgets.Checkbox(False, description="far")
    buttons = {"presets": {"End": {"x": 1.0}}, "actions": {"Near": {"x": 0.1}}}
    explorer = Explorer(controls, draw, update, alt=ALT, **buttons)
    explorer.set(far=True)
    press = {button.description: button.click for button in explorer.children[1].children}
    press["Near"]()
    assert explorer.values == {"x": 0.1, "far": True}
    press["End"]()
    assert explorer.values == {"x": 1.0, "far": False}


def test_a_control_without_a_description_is_an_error():
    with pytest.raises(ValueError, match=r"controls\['x'\] needs a description"):
        Explorer({"x": widgets.FloatSlider()}, draw, update, alt=ALT)


def test_a_preset_that_names_no_control_is_an_error():
    control = widgets.FloatSlider(description="x")
    with pytest.raises(ValueError, match=r"presets\['Far'\] names no control: \['y'\]"):
        Explorer({"x": control}, draw, update, alt=ALT, presets={"Far": {"y": 1}})


def test_a_value_between_two_steps_of_its_slider_is_an_error():
    control = widgets.FloatSlider(0.1, min=0, max=1, step=0.1, description="x")
    with pytest.raises(
        ValueError, match=r"presets\['Third'\] sets 'x' to 0.33, .* step 0.1 from 0"
    ):
        Explorer({"x": control}, draw, update, alt=ALT, presets={"Third": {"x": 0.33}})


@pytest.mark.parametrize("value", [-1, 2])
def test_a_value_beyond_its_slider_is_an_error(value):
    control = widgets.IntSlider(1, min=0, max=1, description="x")
    with pytest.raises(ValueError, match="outside its slider's range 0 to 1"):
        Explorer({"x": control}, draw, update, alt=ALT, presets={"Far": {"x": value}})


def test_a_preset_of_a_slider_of_logarithms_is_a_value_and_not_its_exponent():
    control = widgets.FloatLogSlider(1, base=10, min=-1, max=1, step=0.05, description="x")
    explorer = Explorer(
        {"x": control}, draw, lambda artists, x: f"{x:g}", alt=ALT, presets={"Hot": {"x": 10}}
    )
    press(explorer, "Hot")
    assert explorer.caption == "10"
    for value, said in ((100, "outside its slider's range -1.0 to 1.0"), (2, "no multiple")):
        with pytest.raises(ValueError, match=f"sets 'x' to {value}, which is {said}"):
            Explorer({"x": control}, draw, update, alt=ALT, presets={"Off": {"x": value}})


def test_a_picture_says_nothing_twice_and_nothing_of_when_it_was_drawn(explorer):
    for svg in (explorer._background.value, explorer._foreground.value):
        assert not re.search(r"<metadata|<style|<!--|<g id=|\n|\d\d\.\d{3}", svg)
        assert svg.startswith("<svg ")
        assert "</svg>" in svg
    scale = re.search(r"scale\(0\.015625\)", explorer._background.value)
    assert scale, "a letter's own scale keeps its decimals"


def test_the_same_setting_gives_the_same_picture(explorer):
    before = explorer._foreground.value, explorer._background.value
    explorer.refresh()
    assert (explorer._foreground.value, explorer._background.value) == before
    assert "clip-path" in before[0], "whose name is the same, too"


def test_on_a_dark_page_every_colour_has_its_twin_and_what_has_no_colour_too(explorer):
    moving = themed(explorer._foreground.value)
    assert f"light-dark(#123456, {palette.night('#123456')})" in moving
    assert f"fill:light-dark({palette.LOSS}, {palette.night(palette.LOSS)})" in moving
    left = re.sub(r"light-dark\([^)]*\)", "", moving)
    assert not re.search(r"#[0-9a-fA-F]{6}\b", left)


def test_no_name_in_a_picture_is_taken_for_a_colour():
    names = 'href="#DejaVuSans-30" clip-path="url(#p123456abcd)" fill="url(#abcdef0123)"'
    assert themed(names) == names


def test_words_with_a_halo_are_their_outline_and_themselves_of_the_same_letters():
    def worded(fig):
        (ax,) = fig.subplots(1, 1, squeeze=False).flat
        return {"words": write(ax, (0.5, 0.5), "aaaa", "halo", size=16)}

    control = widgets.IntSlider(0, min=0, max=2, description="x")
    explorer = Explorer({"x": control}, worded, lambda artists, x: "said", alt=ALT)
    moving = explorer._foreground.value
    outline = re.search(rf'<g style="stroke:{HALO_COLOUR};stroke-width:(\d+)">', moving)
    assert int(outline[1]) * 16 / 6400 == 3, "points, in the unit of a letter"
    assert moving.count('<path id="DejaVuSans') == 1
    assert moving.count("<use ") == 2 * len("aaaa")
    assert explorer.artists["words"].get_path_effects() is HALO, "as the still picture needs it"
