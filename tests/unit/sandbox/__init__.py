"""Tests of the sandbox: every run is a real process."""
