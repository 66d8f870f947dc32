"""The audit of dependencies: a vulnerability fails it, what was not looked up is no clean bill, a bare pin fails."""

import json

import pytest

from tools.dependency_audit import LOCK, known_vulnerabilities, without_hash


def test_a_vulnerability_is_named_and_what_was_skipped_is_not_counted() -> None:
    report = json.dumps(
        {
            "dependencies": [
                {"name": "good", "version": "1", "vulns": []},
                {"name": "bad", "version": "2", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]},
                {"name": "unknown", "skip_reason": "not found"},
            ]
        }
    )
    assert known_vulnerabilities(report) == (2, ["bad 2: CVE-1", "bad 2: CVE-2"])
    with pytest.raises(ValueError, match="Expecting"):
        known_vulnerabilities("no answer")


def test_every_file_of_the_lock_is_pinned_by_a_hash() -> None:
    assert without_hash(LOCK.read_text(encoding="utf-8")) == []
    assert without_hash("good==1 \\\n    --hash=sha256:00\nbad==2\nworse==3 ; python_version < '3'\n") == [
        "bad",
        "worse",
    ]
