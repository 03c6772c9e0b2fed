"""What runs inside a run's process before, around and after the author's code.

Standard library and `portal.sdk` only, imports relative: `child.py` loads this folder under another name.
Each import costs every run its milliseconds: `typing`, `dataclasses` and `asyncio` stay out or come late.
"""
