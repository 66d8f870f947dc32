"""LibreOffice as the judge of workbooks: every formula worked out again, or none. Holds no tests."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""
EVERY_SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Commas, quotes, UTF-8, cells as they are shown; a file for each sheet, named WORKBOOK-SHEET.csv."""


def converted_all(paths: Sequence[Path], folder: Path, kind: str, *, recalculate: bool = True) -> Path:
    """The folder that holds the workbooks as LibreOffice saves them in another format, all in one start of it.

    Every formula is worked out again, or none: then each has the value that the file kept beside it.
    """
    name = "always" if recalculate else "never"
    profile = folder / f"profile-{name}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS.format(mode=0 if recalculate else 1)
    (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    out = folder / name
    command = [
        "soffice",
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        *map(str, paths),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return out


def converted(path: Path, folder: Path, kind: str) -> Path:
    """One workbook as LibreOffice saves it in another format, every formula worked out again."""
    return converted_all([path], folder, kind) / path.with_suffix(f".{kind}").name


def recalculated(path: Path, folder: Path) -> Workbook:
    """The workbook as LibreOffice has it after it has worked out every formula, with values and no formulas."""
    return load_workbook(converted(path, folder, "xlsx"), data_only=True)
