"""Logs as lines of JSON on stderr, without any secret. Decides nothing of what is logged."""

import json
import logging
import sys
from datetime import UTC, datetime

from pooledfund import settings

_KEPT = ("login", "way", "outcome", "method", "path", "status", "milliseconds", "reference")
"""What a line may say beside its message; anything else that came with a record is left out."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class JsonLines(logging.Formatter):
    """One JSON document a line: when, how grave, where from, what, and for a failure its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
        }
        line |= {name: record.__dict__[name] for name in _KEPT if name in record.__dict__}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def level() -> str:
    """The level that POOLEDFUND_LOG_LEVEL asks for; raises SettingRefused where it is none."""
    asked = settings.LOG_LEVEL.value.upper()
    if asked not in LEVELS:
        raise settings.SettingRefused(f"{settings.LOG_LEVEL.name} is '{asked}': set it to one of {', '.join(LEVELS)}")
    return asked


def log_as_json() -> None:
    """Make every log of this program a line of JSON, those of its web server too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        own = logging.getLogger(name)
        if own.handlers:
            own.handlers = []
            own.propagate = True
    logging.getLogger("pooledfund").setLevel(level())
