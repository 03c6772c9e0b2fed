from __future__ import annotations

import asyncio
import re
import time

from portal.sandbox.limits import Limits

from .harness import Bench


async def test_flood_of_lines_keeps_the_result_and_says_what_was_dropped(bench: Bench) -> None:
    outcome = await bench.run(
        """
        def run(inputs, ctx):
            for i in range(100_000):
                print("line", i)
            ctx.progress(100, "done")
            return "kept"
        """,
        limits=Limits(timeout_s=60, log_bytes=100_000),
    )
    assert outcome.result == "kept"
    assert bench.sink.progress_calls[-1] == (100.0, "done")
    lines = bench.sink.lines()
    assert lines == [f"line {i}" for i in range(len(lines))]
    kept = sum(len(line) + 1 for line in lines)
    written = sum(len(f"line {i}\n") for i in range(100_000))
    level, stream, note = bench.sink.log_calls[-1]
    assert (level, stream) == ("warning", "ctx")
    truncated = re.fullmatch(r"log truncated, (\d+) bytes not kept", note)
    assert truncated is not None
    # The line that was cut in two by the limit counts its end twice.
    assert written - kept <= int(truncated[1]) <= written - kept + 1
    assert 30_000 < kept <= 100_000


async def test_flood_of_lines_within_the_budget_arrives_whole(bench: Bench) -> None:
    outcome = await bench.run(
        "def run(inputs, ctx):\n    for i in range(100_000):\n        print('line', i)\n    return 1",
        limits=Limits(timeout_s=60, log_bytes=10_000_000),
    )
    assert outcome.result == 1
    assert bench.sink.lines() == [f"line {i}" for i in range(100_000)]


async def test_slow_sink_slows_the_item_instead_of_filling_memory(bench: Bench) -> None:
    bench.sink.pause_s = 0.05
    code = """
        import time
        def run(inputs, ctx):
            print("first")
            started = time.monotonic()
            for _ in range(20):
                print("x" * 16_000)
            return time.monotonic() - started
        """
    outcome = await bench.run(code)
    assert isinstance(outcome.result, float)
    # 64 KiB wait in the pipe; the rest had to wait for the sink: some 16 lines of 0.05 s.
    assert outcome.result > 0.4
    assert len(bench.sink.lines()) == 21


async def test_lines_are_decoded_cleaned_and_split(bench: Bench) -> None:
    outcome = await bench.run(
        r"""
        import sys
        def run(inputs, ctx):
            out = sys.stdout.buffer
            out.write(b"bad \xff byte\n")
            out.write(b"nul \x00 bell \x07 tab \t end\n")
            out.write("bidi \u202e\u2066 \u200f sep \u2028\n".encode())
            out.write(b"\x1b[1;31mred\x1b[0m \x1b[2Jgone \x1b]0;title\x07\n")
            out.write(b"windows\r\n")
            for percent in range(1000):
                out.write(b"\r%d %%" % percent)
                out.flush()
            out.write(b"\n\n")
            out.write(b"y" * 40_000 + b"\n")
            out.write("ü".encode()[:1])
            out.flush()
            out.write("ü".encode()[1:] + b" without end")
        """
    )
    assert outcome.state == "succeeded"
    bad = "\ufffd"
    assert bench.sink.lines() == [
        f"bad {bad} byte",
        f"nul {bad} bell {bad} tab \t end",
        f"bidi {bad}{bad} {bad} sep {bad}",
        f"\x1b[1;31mred\x1b[0m gone {bad}]0;title{bad}",
        "windows",
        "999 %",
        "",
        "y" * 16_384,
        "y" * 16_384,
        "y" * (40_000 - 2 * 16_384),
        "ü without end",
    ]


async def test_endless_line_without_an_end_is_passed_on_in_pieces(bench: Bench) -> None:
    await bench.run(
        "import sys\ndef run(i, c):\n    for _ in range(100):\n        sys.stdout.write('z' * 10_000)"
    )
    assert "".join(bench.sink.lines()) == "z" * 1_000_000
    assert all(len(line) <= 16_384 for line in bench.sink.lines())


async def test_log_of_several_lines_becomes_several_calls(bench: Bench) -> None:
    await bench.run(
        r"""
        import logging
        def run(inputs, ctx):
            ctx.log("one\ntwo\r\nthree \x07", level="error")
            ctx.log("")
            try:
                1 / 0
            except ZeroDivisionError:
                logging.exception("oops")
        """
    )
    lines = bench.sink.lines("ctx")
    assert lines[:4] == ["one", "two", "three \ufffd", ""]
    assert lines[4] == "oops"
    assert lines[-1] == "ZeroDivisionError: division by zero"


async def test_flood_of_progress_is_thinned_out_and_the_last_arrives(bench: Bench) -> None:
    started = time.monotonic()
    outcome = await bench.run(
        """
        def run(inputs, ctx):
            for i in range(20_000):
                ctx.progress(i / 200, str(i))
            return 1
        """
    )
    took = time.monotonic() - started
    assert outcome.result == 1
    assert bench.sink.progress_calls[-1] == (19_999 / 200, "19999")
    assert len(bench.sink.progress_calls) <= took * 10 + 3


async def test_progress_outside_the_range_is_moved_into_it(bench: Bench) -> None:
    await bench.run("import time\ndef run(inputs, ctx):\n    ctx.progress(250)")
    assert bench.sink.progress_calls == [(100.0, "")]


async def test_progress_that_is_no_number_is_explained_to_the_author(bench: Bench) -> None:
    outcome = await bench.run("def run(inputs, ctx):\n    ctx.progress('half')")
    assert outcome.error is not None
    assert outcome.error.message == (
        "TypeError: ctx.progress(percent): percent is a number from 0 to 100, not str 'half'."
    )


async def test_big_inputs_arrive_and_are_neither_on_the_command_line_nor_in_the_environment(
    bench: Bench,
) -> None:
    outcome = await bench.run(
        """
        import os
        def run(inputs, ctx):
            seen = []
            for pid in (os.getpid(), os.getppid()):
                for name in ("cmdline", "environ"):
                    seen.append(b"needle" in open(f"/proc/{pid}/{name}", "rb").read())
            return [len(inputs["text"]), any(seen)]
        """,
        {"text": "needle" * 1_000_000},
        # The text stands in memory as JSON and as a value, in init's pages too.
        limits=Limits(timeout_s=60),
    )
    assert outcome.result == [6_000_000, False]


async def test_environment_holds_what_the_sandbox_set_and_nothing_of_the_worker(bench: Bench) -> None:
    outcome = await bench.run("import os\ndef run(inputs, ctx):\n    return dict(os.environ)")
    assert outcome.result == {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(bench.workdir / ".home"),
        "TMPDIR": str(bench.workdir / ".tmp"),
        "LANG": "C.UTF-8",
    }


async def test_closing_its_streams_does_not_hurt_an_item(bench: Bench) -> None:
    outcome = await bench.run(
        "import os, sys\ndef run(i, c):\n    sys.stdout.close()\n    os.close(2)\n    return 'fine'"
    )
    assert outcome.result == "fine"


async def test_many_runs_at_once_do_not_disturb_each_other(bench: Bench) -> None:
    bench.write("main.py", "def run(inputs, ctx):\n    return inputs")

    async def one(number: int) -> object:
        return (await bench.run("def run(inputs, ctx):\n    return inputs", number)).result

    assert await asyncio.gather(*(one(number) for number in range(12))) == list(range(12))
