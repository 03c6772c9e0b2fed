"""Benchmarks. Timings live here, never in the tests."""
