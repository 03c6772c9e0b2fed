from __future__ import annotations

from portal.sandbox.probe import probe


def test_report_admits_what_tier_d_lacks() -> None:
    report = probe()
    assert report.tier == "D"
    assert "namespaces" in report.missing
    assert "network isolation" in report.missing
    assert "lowest rung" in report.detail
