"""Sphinx's settings for the book. `make site` lays out the sources; nothing is executed here."""

import html
import json
import os
import re
from pathlib import Path
from urllib.parse import quote

from cehelpers import __version__
from tools.site.book import OPEN, RUN

project = "Cross-Entropy, hands on"
author = "The authors of Cross-Entropy, hands on"
version = release = __version__
language = "en_GB"
root_doc = "index"

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.githubpages",  # .nojekyll, so that _static/ is served
    "sphinx.ext.viewcode",
    "tools.site.reading",  # formulas, dark pictures
]

# notebooks: their stored outputs, never a kernel
nb_execution_mode = "off"
nb_execution_cache_path = str(Path(__file__).with_name("cache"))
nb_ipywidgets_js = {}
nb_merge_streams = True
nb_code_prompt_show = "Show the {type}"  # folded are the outputs that answer a prediction
nb_code_prompt_hide = "Hide the {type}"
myst_enable_extensions = ["dollarmath", "attrs_block", "attrs_inline", "colon_fence"]
# a link such as 03_binary_cross_entropy.ipynb#Exercise-1 works here as it does in JupyterLab
myst_heading_anchors = 4
myst_heading_slug_func = "tools.site.book.book_anchor"
suppress_warnings = [
    "config.cache",
    "mystnb.unknown_mime_type",
]

# the package's pages
autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
viewcode_line_numbers = True
python_use_unqualified_type_names = True
add_module_names = False

html_math_renderer = "mathml"  # of tools.site.reading: no script sets a formula

html_theme = "pydata_sphinx_theme"
html_title = project
html_short_title = project
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["palette.css", "course.css"]  # the first is written by `tools.site.book`
html_js_files = [("course.js", {"defer": "defer"})]
templates_path = ["_templates"]
html_copy_source = False
html_additional_pages = {"search": "search.html", "404": "404.html"}  # the book's own
html_show_sourcelink = False
html_show_sphinx = False
html_domain_indices = False
html_use_index = False
html_secnumber_suffix = " "
html_permalinks_icon = "#"

lab = bool(os.environ.get("COURSE_LAB"))
repository = os.environ.get("REPOSITORY", "")
html_context = {
    "default_mode": "auto",
    "course_lab": lab,
    "course_open": OPEN,
    "repository": repository,
    "github": repository.removeprefix("https://github.com/")
    if repository.startswith("https://github.com/")
    else "",
}
html_sidebars = {"index": [], "search": [], "**": ["course-contents.html"]}
html_theme_options = {
    "logo": {"text": project, "alt_text": ""},
    "navbar_start": ["navbar-logo"],
    "navbar_center": ["course-links.html"],
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "navbar_persistent": ["search-button"],
    "search_bar_text": "Search the course",
    "search_as_you_type": False,
    "article_header_start": ["launch.html"],
    "article_header_end": [],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["course-footer.html"],
    "footer_end": [],
    "show_toc_level": 2,
    "back_to_top_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "icon_links": [
        {"name": "The repository", "url": repository, "icon": "fa-solid fa-code-branch"},
    ]
    if repository
    else [],
}


def escape_bars(app, what, name, obj, options, lines):
    """Show |z| in a docstring as it is written; reStructuredText would replace it."""
    lines[:] = [
        re.sub(r"(``.*?``|>>>.*)|(?<!\\)\|", lambda found: found[1] or r"\|", line)
        for line in lines
    ]


def no_index_of_words(app):
    """Leave Sphinx's search out: tools.site.search makes the book's."""
    app.builder.search = False


PYTHON = "lab/static/pyodide/"  # one Python for the pages and the lab, from the site's root
PYODIDE = os.environ.get("COURSE_PYODIDE", "")  # where its core lies, if not there


def enliven(app, pagename, templatename, context, doctree):
    """Bring a page's script where anything on the page is alive, and links into the lab."""
    body = context.get("body", "")
    if 'class="ce-alive' in body:
        places = {"pyodide": PYODIDE or PYTHON, "lock": f"{PYTHON}pyodide-lock.json"}
        context["course_site"] = json.dumps({"root": context["content_root"]} | places)
        app.add_css_file("alive.css")
        app.add_js_file("alive.js", type="module")
    if lab and pagename[:2].isdigit():
        context["body"] = HEADING.sub(lambda found: into_the_lab(pagename, found), body)


# a section or an exercise; the anchor before its heading is JupyterLab's
HEADING = re.compile(
    r'<span id="([^<]+)"></span><h(2|3)>((?:(?!</h).)*?)(<a class="headerlink".*?</a>)</h\2>'
)


def into_the_lab(pagename, found):
    """A section's heading with a link that opens the lab there."""
    anchor, level, title, _ = found.groups()
    if level == "3" and not title.startswith("Exercise "):
        return found[0]
    anchor = quote(html.unescape(anchor).replace("%25", "%"))
    place = html.escape(f"{RUN.format(file=pagename + '.ipynb')}#{anchor}")
    said = html.escape(f"{OPEN}: {html.unescape(re.sub('<[^>]+>', '', title))}")
    link = f'<a class="into-lab" href="{place}" title="{OPEN}" aria-label="{said}"></a>'
    return f"{found[0].removesuffix(f'</h{level}>')}{link}</h{level}>"


def setup(app):
    app.connect("html-page-context", enliven)
    app.connect("builder-inited", no_index_of_words)
    app.connect("autodoc-process-docstring", escape_bars)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
