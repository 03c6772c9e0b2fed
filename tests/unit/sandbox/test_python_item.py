from __future__ import annotations

from pathlib import Path

import pytest

from portal.sandbox.limits import Limits

from .harness import Bench


async def test_result_progress_log_and_print_reach_the_worker(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import logging, sys
        def run(inputs, ctx):
            print("printed")
            print("to stderr", file=sys.stderr)
            ctx.log("by ctx", level="debug")
            logging.getLogger("any").warning("by %s", "logging")
            logging.info("info")
            logging.debug("not shown")
            ctx.progress(40, "nearly")
            return {"got": inputs, "cwd": str(ctx.workdir)}
        """,
        {"rows": [1, "ä"]},
    )
    assert outcome.state == "succeeded"
    assert outcome.error is None
    assert outcome.result == {"got": {"rows": [1, "ä"]}, "cwd": str(bench.workdir)}
    assert bench.sink.progress_calls[-1] == (40.0, "nearly")
    assert ("info", "stdout", "printed") in bench.sink.log_calls
    assert ("info", "stderr", "to stderr") in bench.sink.log_calls
    by_ctx = [call for call in bench.sink.log_calls if call[1] == "ctx"]
    assert by_ctx == [("debug", "ctx", "by ctx"), ("warning", "ctx", "by logging"), ("info", "ctx", "info")]


async def test_async_function_is_awaited(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import asyncio
        async def run(inputs, ctx):
            await asyncio.sleep(0)
            return 7
        """
    )
    assert outcome.result == 7


async def test_exception_is_an_item_error_with_the_authors_own_frames(bench: Bench) -> None:
    bench.write("helpers/parse.py", "import json\ndef parse(text):\n    return json.loads(text)\n")
    outcome = await bench.run(
        """
        from helpers.parse import parse
        def run(inputs, ctx):
            try:
                parse("{")
            except ValueError as error:
                raise RuntimeError("no luck") from error
        """
    )
    assert outcome.state == "failed"
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.message) == ("item_error", "RuntimeError: no luck")
    text = outcome.error.traceback or ""
    assert 'File "main.py", line 4, in run' in text
    assert 'File "helpers/parse.py", line 3, in parse' in text
    assert "JSONDecodeError" in text
    assert str(bench.item_dir) not in text
    assert "json/decoder.py" not in text
    assert "python_item.py" not in text


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nowhere_to_be_found\ndef run(i, c): pass", "No module named 'nowhere_to_be_found'"),
        ("def run(i, c:\n", "SyntaxError"),
        ("def other(i, c): pass", "has no function `run`"),
        ("run = 3", "has no function `run`"),
        ("raise SystemExit(0)", "SystemExit"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
async def test_entrypoint_that_cannot_be_loaded_is_an_import_error(
    bench: Bench, code: str, message: str
) -> None:
    outcome = await bench.run(code)
    assert outcome.error is not None
    assert outcome.error.kind == "import_error"
    assert message in outcome.error.message


async def test_missing_module_is_an_import_error(bench: Bench) -> None:
    (bench.item_dir / "main.py").unlink(missing_ok=True)
    bench.write("other.py", "")
    outcome = await bench.run("")
    assert outcome.error is not None
    assert outcome.error.kind == "import_error"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{'rows': [{'when': object()}]}", "at `rows[0].when` stands a value of type object"),
        ("{'mean': float('nan')}", "at `mean` stands nan"),
        ("[float('inf')]", "at `[0]` stands inf"),
        ("{(1, 2): 3}", "the key (1, 2)"),
        ("'\\ud800'", "lone surrogate"),
        ("10 ** 20000", "number that is too long"),
        ("b'bytes'", "at its top stands a value of type bytes"),
        ("(lambda x: (x.append(x), x)[1])([])", "contains itself"),
        ("__import__('functools').reduce(lambda a, _: [a], range(70), 1)", "nested deeper than 64"),
        ("__import__('functools').reduce(lambda a, _: [a], range(5000), 1)", "nested deeper than 64"),
    ],
)
async def test_result_that_is_not_json_is_named_with_its_place(bench: Bench, value: str, words: str) -> None:
    outcome = await bench.run(f"def run(inputs, ctx):\n    return {value}")
    assert outcome.error is not None
    assert outcome.error.kind == "invalid_result"
    assert words in outcome.error.message


async def test_result_over_its_limit_is_refused_and_at_its_limit_kept(bench: Bench) -> None:
    limits = Limits(timeout_s=30, result_bytes=200_000)
    code = "def run(inputs, ctx):\n    return 'ü' * inputs"
    kept = await bench.run(code, 99_999, limits=limits)
    assert kept.result == "ü" * 99_999
    refused = await bench.run(code, 100_000, limits=limits)
    assert refused.error is not None
    assert refused.error.kind == "invalid_result"
    assert "too large: 200002 bytes" in refused.error.message


async def test_memory_bomb_is_out_of_memory(bench: Bench) -> None:
    outcome = await bench.run(
        """
        def run(inputs, ctx):
            hoard = []
            while True:
                hoard.append(bytearray(10_000_000))
        """,
        limits=Limits(timeout_s=30, memory_mb=128),
    )
    assert outcome.error is not None
    assert outcome.error.kind == "out_of_memory"
    assert "memory_mb" in outcome.error.message


async def test_many_small_objects_are_out_of_memory_too(bench: Bench) -> None:
    outcome = await bench.run(
        """
        def run(inputs, ctx):
            hoard = []
            while True:
                hoard.append([None] * 10)
        """,
        limits=Limits(timeout_s=30, memory_mb=64),
    )
    assert outcome.error is not None
    assert outcome.error.kind == "out_of_memory"


@pytest.mark.parametrize("call", ["sys.exit()", "sys.exit(0)"])
async def test_exit_with_success_is_a_null_result(bench: Bench, call: str) -> None:
    outcome = await bench.run(f"import sys\ndef run(inputs, ctx):\n    {call}")
    assert (outcome.state, outcome.result) == ("succeeded", None)


async def test_exit_with_failure_is_an_item_error(bench: Bench) -> None:
    outcome = await bench.run("import sys\ndef run(inputs, ctx):\n    sys.exit('no more paper')")
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.message) == ("item_error", "SystemExit: no more paper")


async def test_process_that_exits_behind_the_functions_back_has_no_result(bench: Bench) -> None:
    outcome = await bench.run("import os\ndef run(inputs, ctx):\n    os._exit(0)")
    assert outcome.error is not None
    assert outcome.error.kind == "item_error"
    assert "before the function returned" in outcome.error.message


async def test_a_fork_that_returns_does_not_answer_for_the_original(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os
        def run(inputs, ctx):
            pid = os.fork()
            if pid == 0:
                return "fork"
            os.waitpid(pid, 0)
            return "original"
        """
    )
    assert outcome.result == "original"


@pytest.mark.parametrize(
    "name", ["fastapi", "pydantic", "portal.jobs", "portal.errors", "portal.sandbox", "pip"]
)
async def test_nothing_of_the_portal_but_its_sdk_can_be_imported(bench: Bench, name: str) -> None:
    outcome = await bench.run(f"import portal.sdk\nimport {name}\ndef run(inputs, ctx): pass")
    assert outcome.error is not None
    assert outcome.error.kind == "import_error"
    assert f"No module named '{name}'" in outcome.error.message


async def test_sdk_can_be_imported_and_its_context_is_the_one_received(bench: Bench) -> None:
    outcome = await bench.run(
        """
        from portal.sdk import Cancelled, Context
        import portal
        def run(inputs: dict, ctx: Context):
            return [isinstance(ctx, Context), portal.sdk.Cancelled is Cancelled]
        """
    )
    assert outcome.result == [True, True]


async def test_modules_of_the_item_win_over_names_the_sandbox_uses_itself(bench: Bench) -> None:
    for name in ("rlimits", "failures", "init", "limits"):
        bench.write(f"{name}.py", "mine = True")
    outcome = await bench.run(
        """
        import failures, init, limits, rlimits
        def run(inputs, ctx):
            return all(module.mine for module in (failures, init, limits, rlimits))
        """
    )
    assert outcome.result is True


async def test_item_folder_is_not_written_to(bench: Bench) -> None:
    bench.write("helper.py", "")
    await bench.run("import helper\ndef run(inputs, ctx): pass")
    assert sorted(path.name for path in bench.item_dir.iterdir()) == ["helper.py", "main.py"]


async def test_environment_folder_is_importable_with_its_pth_files(bench: Bench, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    (environment / "elsewhere").mkdir(parents=True)
    (environment / "wheel.py").write_text("name = 'wheel'")
    (environment / "elsewhere" / "by_pth.py").write_text("name = 'pth'")
    (environment / "extra.pth").write_text("elsewhere\n")
    outcome = await bench.run(
        "import wheel, by_pth\ndef run(inputs, ctx):\n    return [wheel.name, by_pth.name]",
        environment_dir=environment,
    )
    assert outcome.result == ["wheel", "pth"]


async def test_secrets_are_revealed_by_name_only(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os
        def run(inputs, ctx):
            try:
                ctx.secret("other")
            except KeyError as error:
                return [ctx.secret("token"), str(error), "s3cret" in str(os.environ)]
        """,
        secrets={"token": "s3cret"},
    )
    assert isinstance(outcome.result, list)
    assert outcome.result[0] == "s3cret"
    assert "Name it under `secrets`" in str(outcome.result[1])
    assert outcome.result[2] is False
