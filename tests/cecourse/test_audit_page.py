"""A file of labels and forecasts becomes one page, or an error that says line, column and value."""

import gzip
import html
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection

import cehelpers as ce
from cecourse.audit import audit_page, audit_picture, main
from cecourse.scores_csv import CsvError, read_scores


def written(tmp_path, text, name="scores.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(tmp_path, text, **named):
    return read_scores(written(tmp_path, text), **named)


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    "text",
    [
        "y,p\n1,0.85\n0,0.2\n0,0.125\n",
        "y;p\n1;0,85\n0;0,2\n0;0,125\n",  # decimal commas
        "y\tp\r\n1\t0.85\r\n0\t0.2\r\n0\t0.125\r\n",
        "\ufeffLabel,Probability\nfraud,85%\nlegit,20 %\nlegit,12.5%\n",  # BOM, words, percent
        'id,is_fraud,score\n"a,1",True,0.85\n"b\nc",False,0.2\n\nd,FALSE,.125\n',  # quoted
        "y;p\nyes;85,0%\nno;20%\nno;12,5%\n",
        "p,y\n0.85,1.0\n0.2,0.0\n1.25e-1,0.0\n",
        "y_true,score\n1,0.85\n-1,0.2\n-1,0.125\n",
    ],
)
def test_the_same_three_rows(tmp_path, text):
    scores = read(tmp_path, text)
    assert scores.y.tolist() == [1, 0, 0]
    assert scores.forecast == pytest.approx([0.85, 0.2, 0.125])
    assert scores.kind == "y_prob" and scores.weight is None
    assert scores.said[0] == "3 rows" and "positive" in scores.said[1]


def test_logits_weights_gzip_and_what_is_left(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"when,click,logit,weight\nmon,1,-2.5,3\ntue,0,inf,1\n"))
    scores = read_scores(path)
    assert scores.kind == "logits" and scores.forecast.tolist() == [-2.5, np.inf]
    assert scores.weight.tolist() == [3, 1]
    said = " ".join(scores.said)
    assert all(name in said for name in ("'click'", "'logit'", "'weight'", "not used: 'when'"))


def test_named_columns_come_before_guesses(tmp_path):
    text = "y,p,really,model b\n0,0.5,cat,0.9\n1,0.5,dog,0.2\n"
    scores = read(tmp_path, text, truth="really", prob="model b", positive="Cat")
    assert scores.y.tolist() == [1, 0] and scores.forecast.tolist() == [0.9, 0.2]
    assert "'cat' is positive, 'dog' is negative" in scores.said[1]


def test_classes_by_their_columns(tmp_path):
    text = "class,prob_cat,prob_dog,prob_owl\ndog,0.2,0.5,0.3\nOwl,0.333,0.333,0.333\n"
    scores = read(tmp_path, text)
    assert scores.classes == ("cat", "dog", "owl") and scores.y.tolist() == [1, 2]
    assert scores.forecast[1] == pytest.approx([1 / 3] * 3)
    assert "divided by their sums" in scores.said[-1]
    numbered = read(tmp_path, "y,p_0,p_1,p_2\n2,0,0,1\n")
    assert numbered.y.tolist() == [2] and numbered.forecast.tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    "text, named, message",
    [
        ("", {}, "is empty"),
        ("y,p\n", {}, "names in line 1, and no rows"),
        ("1,0.5\n0,0.2\n", {}, "line 1 must hold the names of the columns; got '1'"),
        ("y,p,p\n1,0.5,1\n", {}, "must name each column once; got 'p' twice"),
        ("y,p\n1,0.5\n0,high\n", {}, "line 3, column 'p': must be a number; got 'high'"),
        ("y,p\n1,0.5\n0,\n", {}, "line 3, column 'p': a value is missing; got ''"),
        ("y,p\n1,0.5\n0,NaN\n", {}, "line 3, column 'p': a value is missing; got 'NaN'"),
        ("y,p\n1,0.5\n,0.1\n", {}, "line 3, column 'y': a label is missing; got ''"),
        ("y,p\n1,0.5\n0,85\n", {}, "line 3, column 'p': a probability must lie in [0, 1]"),
        ("y,p\n1,-0.5\n", {}, "got '-0.5'"),
        ("y,p\n1,0.5\n2,0.5\n0,0.5\n", {}, "line 3, column 'y': a label must be 0 or 1"),
        ("y,p\ncat,0.5\ndog,0.5\n", {}, "which of the two labels is positive? say --positive"),
        ("y,p\n1,0.5\n0\n", {}, "line 3 must have 2 fields, as the names in line 1; got 1"),
        ('y,p\n1,0.5\n0,"0.5\n', {}, "is no CSV"),
        ("y,when\n1,0.5\n", {}, "name it with --prob or --logit; the file has 'y', 'when'"),
        ("a,p\n1,0.5\n", {}, "name it with --truth; the file has 'a', 'p'"),
        ("y,p\n1,0.5\n", {"prob": "q"}, "--prob must name a column; got 'q'"),
        ("y,p,z\n1,0.5,1\n", {"prob": "p", "logit": "z"}, "not both"),
        ("y,p\n1,0.5\n0,0.2\n", {"positive": "2"}, "--positive must be a label of column 'y'"),
        ("y,p,w\n1,0.5,1\n0,0.2,-1\n", {}, "line 3, column 'w': a weight must be finite"),
        ('y,p\n"1\n",0.5\n0,x\n', {}, "line 4, column 'p'"),  # lines of the file, not rows
        ("y,p_0,p_1,p_2\n0,.2,.2,.2\n", {}, "line 2, columns 'p_0' to 'p_2': probabilities must"),
        ("y,p_0,p_1,p_2\n3,.2,.2,.6\n", {}, "line 2, column 'y': a label must be one of '0', '1'"),
        ("y,p\n1,0.5\n".encode("utf-16"), {}, "must be text in UTF-8"),
        ("y,p\n1,0.5\n0,é\n".encode("latin-1"), {}, "must be text in UTF-8"),
    ],
)
def test_errors_say_where_and_what(tmp_path, text, named, message):
    with pytest.raises(CsvError) as caught:
        read(tmp_path, text, **named)
    assert message in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(CsvError, match=r"cannot be read: No such file"):
        read_scores(tmp_path / "none.csv")


# ---------------------------------------------------------------- picture and page


@pytest.fixture(scope="module")
def weighted():
    """Labels and probabilities of a model that counted each positive fivefold, and its audit."""
    rng = np.random.default_rng(0)
    z = rng.normal(-2, 1.5, 4000)
    y = rng.random(4000) < ce.sigmoid(z)
    p = ce.sigmoid(z + np.log(5)).round(3)  # with ties
    return y.astype(int), p, ce.audit(y, y_prob=p, costs=(10, 100))


def test_the_picture_is_the_report(weighted):
    report = weighted[2]
    picture = audit_picture(report)
    main_axes, under = picture.figure.axes
    curve = report.curve
    lines = {line.get_label(): line for line in main_axes.lines}
    x, observed = lines["what happened"].get_data()
    assert set(x) <= set(curve.prediction)
    np.testing.assert_allclose(observed, np.interp(x, curve.prediction, curve.observed))
    # nothing is lost by leaving points out
    np.testing.assert_allclose(np.interp(curve.prediction, x, observed), curve.observed, atol=1e-12)
    (band,) = (c for c in main_axes.collections if isinstance(c, FillBetweenPolyCollection))
    corners = band.get_paths()[0].vertices
    assert corners[:, 1].max() == pytest.approx(curve.high.max())
    assert sum(bar.get_height() for bar in under.patches) == pytest.approx(report.rows)
    title = picture.figure._suptitle.get_text()
    assert title.startswith("The forecasts are too high") and title in picture.description
    outside = curve.weight[(curve.observed < curve.low) | (curve.observed > curve.high)].sum()
    assert f"{outside / curve.weight.sum():.0%} of the rows are outside" in picture.description
    assert f"{report.positives:,} of them positive" in picture.description


def test_rare_events_have_logarithmic_axes():
    rng = np.random.default_rng(0)
    z = rng.normal(-7, 1.5, 20_000)
    report = ce.audit(rng.random(20_000) < ce.sigmoid(z), logits=z)
    picture = audit_picture(report)
    main_axes, under = picture.figure.axes
    assert main_axes.get_xscale() == main_axes.get_yscale() == under.get_xscale() == "log"
    assert sum(bar.get_height() for bar in under.patches) == pytest.approx(20_000)
    assert "logarithmic" in picture.description


class Reader(HTMLParser):
    """Attributes by tag, and whether each tag is closed."""

    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "use"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in ("meta", "path", "use"):
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(weighted, tmp_path_factory):
    """The page of a file, through the command."""
    y, p, _ = weighted
    folder = tmp_path_factory.mktemp("audit")
    rows = "".join(f"{label},{chance!r}\n" for label, chance in zip(y, p.tolist(), strict=True))
    path, out = written(folder, "label,score\n" + rows, "a<b.csv"), folder / "page.html"
    main([str(path), "--out", str(out), "--costs", "10,100"])
    return out.read_text(encoding="utf-8")


def test_the_page_stands_alone(page):
    reader = Reader()
    reader.feed(page)
    assert not reader.open
    seen = dict(reversed(reader.seen))
    assert seen["html"] == {"lang": "en"} and "width=device-width" in str(reader.seen)
    assert "script" not in seen and "link" not in seen and "img" not in seen
    for _, attrs in reader.seen:
        for name in ("src", "href", "xlink:href"):
            assert (attrs.get(name) or "#").startswith("#")
    assert "url(" not in page.replace("url(#", "") and "@import" not in page
    assert "<title>Audit of a&lt;b.csv</title>" in page
    assert "prefers-color-scheme: dark" in page
    assert seen["svg"]["role"] == "img" and "of the rows are outside" in seen["svg"]["aria-label"]
    assert all(attrs["scope"] in ("row", "col") for tag, attrs in reader.seen if tag == "th")
    levels = [int(tag[1]) for tag, _ in reader.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and set(levels[1:]) == {2}


def test_its_numbers_are_the_report_s(page, weighted):
    report = weighted[2]
    cells = dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page))
    numbers = {
        "log loss": report.log_loss,
        "constant": report.constant,
        "ceiling": report.ceiling,
        "AUC": report.auc,
        "weight": report.weight.value,
        "slope": report.slope.value,
        "calibration error": report.luck.ece,
        "cost per row": report.costs.cost,
    }
    numbers |= {repair.name: repair.log_loss for repair in report.repairs}
    assert len(numbers) == 12
    for name, value in numbers.items():
        assert float(cells[name]) == pytest.approx(value, rel=5e-3), name
    assert float(cells["weight"]) == pytest.approx(5, rel=0.2)
    assert page.index('class="advice"') < page.index("<h2>")


def test_the_whole_text_is_on_the_page_and_on_the_screen(weighted, tmp_path, capsys):
    y, p, _ = weighted
    rows = "".join(f"{a},{b!r}\n" for a, b in zip(y, p.tolist(), strict=True))
    out = tmp_path / "page.html"
    main([str(written(tmp_path, "y,p\n" + rows)), "--out", str(out)])
    text, page = capsys.readouterr().out, out.read_text(encoding="utf-8")
    report = ce.audit(y, y_prob=p)
    assert str(report) in text and html.escape(str(report)) in page
    assert html.escape(report.advice) in page
    assert "probabilities: column 'p'" in text
    assert "probabilities: column &#x27;p&#x27;" in page


def test_classes_have_a_page(tmp_path):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(900, 3))
    p = ce.softmax(2 * z).round(4)
    labels = [("cat", "dog", "owl")[rng.choice(3, p=row)] for row in ce.softmax(z)]
    rows = "".join(f"{a},{b},{c},{d}\n" for a, (b, c, d) in zip(labels, p, strict=True))
    path = written(tmp_path, "class,p_cat,p_dog,p_owl\n" + rows)
    scores = read_scores(path)
    report = ce.audit(scores.y, y_prob=scores.forecast)
    page = audit_page(scores, report, "k.csv")
    assert (
        '<th scope="row">owl</th>' in page
        and "confidence" in audit_picture(report).figure.axes[1].get_xlabel()
    )


def test_a_certain_row_is_shown_by_its_line(tmp_path):
    rng = np.random.default_rng(0)
    z = rng.normal(size=300)
    y = (rng.random(300) < ce.sigmoid(z)).astype(int)
    p = ce.sigmoid(z)
    y[7], p[7] = 1, 0.0
    rows = "".join(f"{a},{b!r}\n" for a, b in zip(y, p.tolist(), strict=True))
    scores = read_scores(written(tmp_path, "y,p\n" + rows))
    page = audit_page(scores, ce.audit(scores.y, y_prob=scores.forecast), "a.csv")
    assert "and happened: line 9" in page  # line 1 are the names


def test_the_command_ends_with_the_error(tmp_path):
    path = written(tmp_path, "y,p\n1,1.5\n")
    with pytest.raises(SystemExit, match=r"line 2, column 'p'.*got '1.5'"):
        main([str(path)])
    with pytest.raises(SystemExit):
        main([str(path), "--costs", "ten"])


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("y,p\n1,0.2\n2,0.7\n", {}, "positive"),  # of 1 and 2 nobody knows which happened
        ("y,prob_a,prob_b,prob_c\na,.2,.3,.5\n", {"positive": "b"}, "two classes"),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(tmp_path, text, options, message):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(CsvError, match=message):
        read_scores(path, **options)


def test_a_file_cut_short_and_a_page_that_cannot_be_written(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("y,p\n" + "1,0.7\n0,0.2\n" * 500)
    with pytest.raises(SystemExit, match="cannot be written"):
        main([str(path), "--out", str(tmp_path / "nowhere" / "page.html")])
    packed = tmp_path / "scores.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-20])
    with pytest.raises(CsvError, match="cannot be read"):
        read_scores(packed)
