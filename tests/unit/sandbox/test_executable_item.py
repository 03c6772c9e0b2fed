from __future__ import annotations

import sys

from portal.sandbox.limits import Limits
from portal.sandbox.runner import run_item

from .harness import Bench


async def test_program_reads_inputs_and_speaks_on_the_channel(bench: Bench) -> None:
    outcome = await bench.run_program(
        """
        #!/bin/sh
        inputs=$(cat)
        echo "on stdout"
        echo "on stderr" >&2
        echo '{"type":"progress","percent":30,"message":"a third"}' >&$PORTAL_CHANNEL_FD
        echo '{"type":"log","level":"warning","text":"by frame"}' >&$PORTAL_CHANNEL_FD
        echo data > out.csv
        echo '{"type":"artifact","path":"out.csv","name":"report.csv"}' >&3
        echo "{\\"type\\":\\"result\\",\\"value\\":$inputs}" >&3
        """,
        {"rows": 3},
    )
    assert outcome.state == "succeeded"
    assert outcome.result == {"rows": 3}
    assert bench.sink.progress_calls == [(30.0, "a third")]
    assert ("warning", "ctx", "by frame") in bench.sink.log_calls
    assert ("info", "stdout", "on stdout") in bench.sink.log_calls
    assert [(file.path, file.name) for file in outcome.artifacts] == [("out.csv", "report.csv")]


async def test_program_without_a_result_succeeds_with_null(bench: Bench) -> None:
    outcome = await bench.run_program("#!/bin/sh\ntrue\n")
    assert (outcome.state, outcome.result) == ("succeeded", None)


async def test_exit_status_is_an_item_error_with_the_end_of_stderr(bench: Bench) -> None:
    outcome = await bench.run_program(
        """
        #!/bin/sh
        echo reading >&2
        echo "no such table" >&2
        exit 3
        """
    )
    assert outcome.error is not None
    assert outcome.error.kind == "item_error"
    assert outcome.error.message == "Exit status 3: no such table"
    assert outcome.error.traceback == "reading\nno such table"


async def test_error_frame_of_a_program_goes_before_its_exit_status(bench: Bench) -> None:
    outcome = await bench.run_program(
        """
        #!/bin/sh
        echo '{"type":"error","kind":"timeout","message":"my own words"}' >&3
        exit 1
        """
    )
    assert outcome.error is not None
    # Only the sandbox may say that a run timed out.
    assert (outcome.error.kind, outcome.error.message) == ("item_error", "my own words")


async def test_program_that_cannot_be_started_is_an_import_error(bench: Bench) -> None:
    bench.write("program", "#!/bin/sh\n")
    outcome = await run_item(bench.request(entrypoint="./program"), bench.sink)
    assert outcome.error is not None
    assert outcome.error.kind == "import_error"
    assert "chmod +x" in outcome.error.message
    missing = await run_item(bench.request(entrypoint="./missing"), bench.sink)
    assert missing.error is not None
    assert "no such file" in missing.error.message
    bad = await bench.run_program("#!/no/such/interpreter\n")
    assert bad.error is not None
    assert "interpreter" in bad.error.message


async def test_program_writing_too_big_a_file_is_disk_limit(bench: Bench) -> None:
    outcome = await bench.run_program(
        "#!/bin/sh\nexec head -c 3000000 /dev/zero > big\n", limits=Limits(timeout_s=30, disk_mb=1)
    )
    assert outcome.error is not None
    assert outcome.error.kind == "disk_limit"
    assert "1 MiB (disk_mb in the manifest)" in outcome.error.message


async def test_broken_frames_are_counted_and_too_many_end_the_run(bench: Bench) -> None:
    few = await bench.run_program(
        """
        #!/bin/sh
        for i in 1 2 3 4 5 6 7 8 9; do echo 'no json' >&3; echo '{"type":"progress","percent":NaN}' >&3; done
        echo >&3
        echo '{"type":"result","value":1}' >&3
        """
    )
    assert few.result == 1
    assert bench.sink.progress_calls == []
    many = await bench.run_program("#!/bin/sh\nwhile true; do echo '[1]' >&3; done\n")
    assert many.error is not None
    assert many.error.kind == "protocol"


async def test_too_many_broken_frames_just_before_the_end_count_too(bench: Bench) -> None:
    outcome = await bench.run_program("#!/bin/sh\nyes '{}' | head -n 20 >&3\n")
    assert outcome.error is not None
    assert outcome.error.kind == "protocol"


async def test_frame_over_its_size_is_broken_and_result_over_its_size_is_named(bench: Bench) -> None:
    bench.write(
        "program",
        f"""
        #!{sys.executable} -S
        import json, os
        def send(frame):
            data = json.dumps(frame).encode() + b"\\n"
            while data:
                data = data[os.write(3, data):]
        send({{"type": "log", "text": "x" * 70_000}})
        send({{"type": "result", "value": "y" * 3_000_000}})
        send({{"type": "progress", "percent": 99}})
        """,
        executable=True,
    )
    outcome = await run_item(bench.request(entrypoint="./program"), bench.sink)
    assert outcome.error is not None
    assert outcome.error.kind == "invalid_result"
    assert "too large" in outcome.error.message
    assert bench.sink.lines("ctx") == []
    assert bench.sink.progress_calls == [(99.0, "")]


async def test_only_the_first_result_counts(bench: Bench) -> None:
    outcome = await bench.run_program(
        """
        #!/bin/sh
        echo '{"type":"result","value":1}' >&3
        echo '{"type":"result","value":2}' >&3
        echo '{"type":"error","message":"late"}' >&3
        """
    )
    assert outcome.result == 1


async def test_result_that_the_trusted_side_must_refuse_is_invalid(bench: Bench) -> None:
    for value in ("1e999", '"\\ud800"', "[" * 80 + "]" * 80):
        bench.write("value", value)
        outcome = await bench.run_program(
            '#!/bin/sh\n(printf \'{"type":"result","value":\'; cat "$(dirname "$0")/value"; echo "}") >&3\n'
        )
        assert outcome.error is not None
        assert outcome.error.kind == "invalid_result"


async def test_announced_files_beyond_the_limit_are_not_kept_and_said_so(bench: Bench) -> None:
    outcome = await bench.run_program(
        """
        #!/bin/sh
        for i in 1 2 3 4 5; do echo "{\\"type\\":\\"artifact\\",\\"path\\":\\"f$i\\"}" >&3; done
        echo '{"type":"artifact","path":"f1","name":"again"}' >&3
        """,
        limits=Limits(timeout_s=30, artifact_count=3),
    )
    assert [(file.path, file.name) for file in outcome.artifacts] == [
        ("f1", "again"),
        ("f2", "f2"),
        ("f3", "f3"),
    ]
    assert bench.sink.lines("ctx") == ["2 announced files not kept: a run may leave 3 behind"]
