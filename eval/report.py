"""Write the breakdowns and the worst errors as one page, `eval/report/index.html` (not kept in git)."""

from __future__ import annotations

from pathlib import Path

from breakdown import all_tables, render_table, show
from mistakes import all_sections
from recall import Judgements

FOLDER = Path(__file__).parent / "report"
_TEMPLATE = "report.html.jinja"


def write_report(found: Judgements) -> Path:
    """Write the page and return its path; an older one is replaced."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / "index.html"
    path.write_text(render_report(found), encoding="utf-8")
    return path


def render_report(found: Judgements) -> str:
    """Return the page as HTML; everything from texts and labels is escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["show"] = show
    return environment.get_template(_TEMPLATE).render(
        rows=len(found.rows), matches=len(found.matches), tables=all_tables(found), sections=all_sections(found)
    )


def render_tables(found: Judgements) -> str:
    """Return the tables as plain text."""
    return "\n\n".join(render_table(table) for table in all_tables(found))
