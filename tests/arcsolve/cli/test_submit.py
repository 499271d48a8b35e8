"""`submit` writes a valid file even if it is interrupted, and continues a stopped run."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from click.testing import Result

import arcsolve.plan
from arcsolve.cli import main
from tests.commands import CHALLENGES, IN_PROCESS, cli_runner, document, invoke, start

pytestmark = pytest.mark.usefixtures("fakes")


def submitted(output: Path, *options: object) -> Result:
    return invoke("submit", CHALLENGES, "-o", output, *IN_PROCESS, *options)


def test_submit_writes_a_valid_file_and_tells_the_score(tmp_path: Path):
    output = tmp_path / "submission.json"
    said = submitted(output, "--lineup", "mirrors").stdout
    assert "12 tasks, 14 outputs" in said
    assert "exhausted 12" in said
    assert "valid: 12 tasks, 14 outputs" in invoke("validate", output, CHALLENGES).stdout
    score = invoke("score", output, CHALLENGES).stdout
    assert score in said
    assert document("score", output, CHALLENGES, "--json")["outputs_solved"] >= 2


def test_submit_says_what_crashed_and_writes_all_tasks(tmp_path: Path):
    output = tmp_path / "submission.json"
    told = json.loads(submitted(output, "--lineup", "raises", "--json").stdout)
    assert told["stops"] == {"crashed": 12}
    assert any("no luck with" in said for said in told["crashes"])
    invoke("validate", output, CHALLENGES)


def test_a_time_limit_that_has_passed_still_gives_a_valid_file(tmp_path: Path):
    output = tmp_path / "submission.json"
    said = submitted(output, "--lineup", "mirrors", "--time-limit", "1s").stdout
    assert "unfinished for lack of time: 12" in said
    assert "stopped" not in said
    invoke("validate", output, CHALLENGES)


def test_what_is_unfinished_is_told_for_every_solver_and_done_by_resume(tmp_path: Path):
    output = tmp_path / "submission.json"
    options = ("--lineup", "mirrors+raises", "--time-limit", "1s")
    told = json.loads(submitted(output, *options, "--json").stdout)
    assert (told["stops"], told["unfinished"]) == ({}, 24)
    said = submitted(output, *options, "--resume").stdout
    assert "unfinished for lack of time: 24; to finish, run the same command with --resume" in said
    done = submitted(output, *options[:2], "--resume").stdout
    assert "stopped: crashed 12, exhausted 12" in done
    assert "unfinished for" not in done


def test_a_resumed_submission_is_the_same_and_runs_nothing_again(tmp_path: Path):
    output = tmp_path / "submission.json"
    first = json.loads(submitted(output, "--lineup", "mirrors", "--json").stdout)
    content = output.read_bytes()
    output.unlink()
    again = json.loads(submitted(output, "--lineup", "mirrors", "--resume", "--json").stdout)
    assert output.read_bytes() == content
    assert again == first  # even the core-seconds are those of the first run


def test_a_run_is_not_resumed_with_other_settings(tmp_path: Path):
    output = tmp_path / "submission.json"
    submitted(output, "--lineup", "mirrors")
    options = ("--lineup", "mirrors", "--seed", "7", "--resume", "--jobs", "1")
    result = cli_runner().invoke(main, ["submit", CHALLENGES, "-o", str(output), *options])
    assert result.exit_code == 2
    assert "other budget" in result.stderr


def refused(*arguments: object) -> str:
    """Return the message of a `submit` that refuses to start."""
    result = cli_runner().invoke(main, ["submit", *map(str, arguments), "--lineup", "mirrors"])
    assert result.exit_code == 2, result.output
    return result.stderr


def test_no_file_that_is_read_is_written_over(tmp_path: Path):
    challenges = tmp_path / "challenges.json"
    challenges.write_bytes(content := Path(CHALLENGES).read_bytes())
    (tmp_path / "same.json").symlink_to(challenges)
    for output in (challenges, tmp_path / "same.json"):
        assert "it is the challenge file" in refused(challenges, "-o", output)
    output = tmp_path / "submission.json"
    assert "it is the run store" in refused(challenges, "-o", output, "--store", output)
    assert challenges.read_bytes() == content
    assert not output.exists()


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path):
    output, store = tmp_path / "submission.json", tmp_path / "none" / "run"
    assert f"{store}: cannot write it" in refused(CHALLENGES, "-o", output, "--store", store)


@pytest.mark.parametrize(("seed", "written"), [(0, True), (7, False)])
def test_an_interrupt_writes_only_what_this_run_has_found(
    seed: int, written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    output = tmp_path / "submission.json"
    submitted(output, "--lineup", "mirrors")
    output.unlink()

    def finish(*run: object, **terms: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(arcsolve.plan, "finish", finish)
    options = ("-o", str(output), "--lineup", "mirrors", "--seed", str(seed))
    result = cli_runner().invoke(main, ["submit", CHALLENGES, *options])
    assert result.exit_code == 130
    assert output.exists() == ("wrote" in result.stderr) == written


@pytest.fixture
def slow_plugin(tmp_path: Path) -> Path:
    """A folder with an installed plug-in, the slow solver of the line-up ``slow``."""
    folder = tmp_path / "plugins"
    entry_points = folder / "slow_plugin-1.0.dist-info" / "entry_points.txt"
    entry_points.parent.mkdir(parents=True)
    (entry_points.parent / "METADATA").write_text("Name: slow-plugin\nVersion: 1.0\n")
    entry_points.write_text("[arcsolve.solvers]\nslow = slow_plugin:make\n")
    (folder / "slow_plugin.py").write_text(
        "from tests.fakes import Mirrors\n\ndef make():\n    return Mirrors(pause=0.2)\n"
    )
    return folder


def test_ctrl_c_leaves_a_valid_file_that_resume_completes(tmp_path: Path, slow_plugin: Path):
    output = tmp_path / "submission.json"
    arguments = ("submit", CHALLENGES, "-o", str(output), "--lineup", "slow", "--jobs", "1")
    with start(*arguments, path=slow_plugin) as process:
        while _outcomes(Path(f"{output}.run")) < 2:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, ""), err
    assert "--resume" in err
    assert err.endswith("arcsolve: interrupted\n")
    assert "Traceback" not in err
    invoke("validate", output, CHALLENGES)
    with start(*arguments, "--resume", "--json", path=slow_plugin) as resumed:
        out, err = resumed.communicate(timeout=120)
    assert json.loads(out)["stops"] == {"exhausted": 12}, err


def _outcomes(store: Path) -> int:
    from arcsolve.dsl.errors import BadInput
    from arcsolve.run.store import RunStore

    try:
        with RunStore(store) as run:
            return len(run.done())
    except BadInput:  # the store is not complete yet
        return 0
