"""Looks for known vulnerabilities in what the program is run with, and that each of its files is pinned by a hash.

Where the service that knows of vulnerabilities cannot be reached, it says so plainly and goes on: nothing was audited.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
_PATIENCE_SECONDS = 120


def without_hash(lock: str) -> list[str]:
    """The packages of a lock whose files are pinned by no hash."""
    pins = re.split(r"\n(?=\S)", lock.strip())
    return [pin.split("==")[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin]


def known_vulnerabilities(report: str) -> tuple[int, list[str]]:
    """How many packages were looked up, and each vulnerability found in one; raises ValueError for no report."""
    found, audited = [], 0
    for each in json.loads(report)["dependencies"]:
        if "skip_reason" in each:
            continue
        audited += 1
        found += [f"{each['name']} {each['version']}: {one['id']}" for one in each["vulns"]]
    return audited, found


def main() -> int:
    """Audit the lock; status 1 where something is wrong."""
    if bare := without_hash(LOCK.read_text(encoding="utf-8")):
        print(f"{LOCK.name}: no hash for {', '.join(bare)}: run make lock", file=sys.stderr)
        return 1
    call = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--disable-pip", "--require-hashes", "-f", "json",
            "--progress-spinner", "off"]  # fmt: skip
    try:
        said = subprocess.run(call, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS).stdout
        audited, found = known_vulnerabilities(said)
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        audited, found = 0, []
    if found:
        print("Known vulnerabilities: " + "; ".join(found), file=sys.stderr)
        return 1
    if not audited:
        print("Dependencies: every file has its hash. NOT audited: no service that knows vulnerabilities was reached.")
    else:
        print(f"Dependencies: every file has its hash; {audited} packages audited, no known vulnerability.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
