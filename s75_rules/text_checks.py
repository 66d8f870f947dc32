"""Finds text of a template that nobody filled in. Judges no other wording."""

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from s75_rules.agreement_faults import Fault, Path, warning

_PLACEHOLDER = re.compile(r"<\s*[A-Za-z][^<>]*>|\[\s*(?:insert|name of)[^\]]*\]|\bx{3,}\b|\btbc\b", re.IGNORECASE)


def unfilled_texts(value: object, path: Path = ()) -> Iterator[Fault]:
    """A warning for every text that still holds a placeholder such as ``<Name of CCG>``, ``xxx`` or ``(TBC)``."""
    if isinstance(value, str):
        if found := _PLACEHOLDER.search(value):
            message = f"'{found[0]}' looks like a place that was to be filled in"
            yield warning(path, "PlaceholderText", message, "write what belongs there")
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            # The id repeats the key of its item.
            if name != "id" or path == ("agreement",):
                yield from unfilled_texts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from unfilled_texts(each, (*path, str(key)))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from unfilled_texts(each, (*path, place))
