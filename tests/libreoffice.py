"""LibreOffice as the judge of a workbook: every formula worked out again, whatever value was kept. Holds no tests."""

import subprocess
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

_ALWAYS_RECALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def converted(path: Path, folder: Path, kind: str) -> Path:
    """The workbook as LibreOffice saves it in another format, every formula worked out again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    out = folder / "recalculated"
    command = [
        "soffice",
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return out / path.with_suffix(f".{kind}").name


def recalculated(path: Path, folder: Path) -> Workbook:
    """The workbook as LibreOffice has it after it has worked out every formula, with values and no formulas."""
    return load_workbook(converted(path, folder, "xlsx"), data_only=True)
