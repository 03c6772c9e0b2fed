"""The built-in tasks: the functions behind `portal.jobs.builtin.BUILTIN_TASKS`."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.jobs.model import JobState
from portal.jobs.store import Ending
from portal.worker.lifecycle import Lifecycle, Run, cancelled

EXAMPLE_STEPS = 5
EXAMPLE_STEP_S = 1.0


async def example_long_task(ctx: dict[str, Any], job_id: str) -> None:
    """Take five steps of one second each, with progress and a line of log for each."""
    lifecycle: Lifecycle = ctx["lifecycle"]
    await lifecycle.run(job_id, _take_steps)


async def _take_steps(run: Run) -> Ending:
    fail_at_step = run.job.parameters.get("fail_at_step")
    for step in range(1, EXAMPLE_STEPS + 1):
        if await _cancelled_within(run, EXAMPLE_STEP_S):
            return cancelled(run)
        if step == fail_at_step:
            raise RuntimeError(f"Step {step} was asked to fail.")
        await run.reporter.log("info", "portal", f"Step {step} of {EXAMPLE_STEPS} is done.")
        await run.reporter.progress(step * 100 / EXAMPLE_STEPS, f"Step {step} of {EXAMPLE_STEPS}")
    message = run.reporter.job.message
    return Ending(JobState.SUCCEEDED, progress=100, message=message, result={"steps": EXAMPLE_STEPS})


async def _cancelled_within(run: Run, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await run.cancel.wait()
    except TimeoutError:
        return False
    return True
