"""Renders phone/templates/NAME.xml. Every value is escaped."""

from __future__ import annotations

from functools import cache

import jinja2


def rendered(name: str, **values: object) -> str:
    """The template with these values."""
    return _template(name).render(**values)


@cache
def _template(name: str) -> jinja2.Template:
    surroundings = jinja2.Environment(
        loader=jinja2.PackageLoader("ringback.phone"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return surroundings.get_template(f"{name}.xml")
