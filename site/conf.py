"""Sphinx's settings for the book. `make site` lays out the sources; nothing is executed here."""

import os
import re
import shutil
from pathlib import Path

from cehelpers import __version__
from tools._browser import package_folder

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
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
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
myst_heading_slug_func = "tools.book.book_anchor"
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

# mathematics without a network: MathJax comes from a package
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {
    "options": {"enableMenu": True},
    "chtml": {"displayAlign": "center"},
}
MATHJAX_PARTS = ["tex-chtml.js", "output/chtml/fonts"]

html_theme = "pydata_sphinx_theme"
html_title = project
html_short_title = project
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["palette.css", "course.css"]  # the first is written by `tools.book`
html_js_files = [("course.js", {"defer": "defer"})]
templates_path = ["_templates"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_domain_indices = False
html_use_index = False
html_secnumber_suffix = " "
html_permalinks_icon = "#"

repository = os.environ.get("REPOSITORY", "")
html_context = {
    "default_mode": "auto",
    "course_lab": bool(os.environ.get("COURSE_LAB")),
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
        {"name": "The repository", "url": repository, "icon": "fa-brands fa-github"},
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


def copy_mathjax(app, error):
    """Bring the parts of MathJax that pages load, not its 20 MB."""
    if error:
        return
    source = package_folder("sphinx-mathjax-offline", "static/mathjax")
    target = Path(app.outdir, "_static", "mathjax")
    for part in MATHJAX_PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copy(source / part, target / part)


def setup(app):
    app.connect("autodoc-process-docstring", escape_bars)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
