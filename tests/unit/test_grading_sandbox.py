"""The child: what it reports, what it may use, and what each wall holds by itself."""

import os
import signal
import sys
from pathlib import Path

import pytest

from alexnet_lib import runtime
from alexnet_lib.classroom.grading import grade, landlock, readable, sandbox
from alexnet_lib.classroom.grading.launch import WALLS
from alexnet_lib.classroom.grading.sandbox import Limits, Outcome, run
from tests.unit.handed_in import SPY, WRITER

LIMITS = Limits(seconds=10, cell_seconds=2, call_seconds=0.5, memory=2**28)
ALARM = hasattr(signal, "setitimer")  # not on Windows: there a loop costs all
CLUE = "covered = (kernel_size - 1)"


@pytest.fixture(scope="module")
def offered() -> Outcome:
    """What this machine's kernel allows."""
    return run([], [], LIMITS)


def value(code: str, name: str = "x", **given) -> object:
    outcome = run([code], [(name, None)], LIMITS, **given)
    return outcome.values.get(0, outcome.wrong_kinds.get(0, outcome.errors.get(0)))


def test_plain_values_keep_their_types():
    cells = [
        "whole, real, yes, text, none = 3, 3.0, True, 'a', None",
        "pair, table = (1, 2.5), {'side': [1, (2,)]}",
        "def add(a, b):\n    return a + b",
    ]
    names = ("whole", "real", "yes", "text", "none", "pair", "table")
    calls = [(name, None) for name in names]
    outcome = run(cells, [*calls, ("add", [1, 2]), ("add", ["a", "b"])], LIMITS)
    found = [outcome.values[place] for place in range(9)]
    assert found == [3, 3.0, True, "a", None, [1, 2.5], {"side": [1, [2]]}, 3, "ab"]
    assert [type(item) for item in found[:3]] == [int, float, bool]
    assert (outcome.ended, outcome.cell_errors) == ("done", {})


def test_what_is_not_plain_is_named_and_never_passed_on():
    cells = [
        "class Mine(int):\n    pass",
        "mine, deep, keys = Mine(3), [[[[[[1]]]]]], {1: 2}",
        "nan, long, function = float('nan'), [0] * 2000, len",
        "huge = 10**9999",
        "class Fake(Exception):\n    pass\ndef fake():\n    raise Fake('9216')",
    ]
    names = ["mine", "deep", "keys", "nan", "long", "function", "huge", "missing"]
    outcome = run(cells, [*((name, None) for name in names), ("fake", [])], LIMITS)
    assert outcome.values == {}
    assert outcome.wrong_kinds == {
        0: "an object of its own kind",
        1: "list",
        2: "dict",
        4: "list",
        5: "an object of its own kind",
    }
    assert outcome.errors == {
        3: "ValueError",
        6: "ValueError",
        7: "AttributeError",
        8: "an error of its own",
    }


def test_a_cell_that_fails_or_hangs_costs_itself_only():
    hang = "while True:\n    pass" if ALARM else "raise OutOfTime"
    cells = ["1 / 0", "import sys\nsys.exit()", hang, "x = 5"]
    cells += ["%timeit 1\n!ls\ny = 6", "%%bash\nls", "x = = 1"]
    outcome = run(cells, [("x", None), ("y", None)], LIMITS)
    assert outcome.values == {0: 5, 1: 6}
    assert outcome.cell_errors == {
        0: "ZeroDivisionError",
        1: "SystemExit",
        2: "OutOfTime" if ALARM else "NameError",
        6: "SyntaxError",
    }


def test_a_call_has_its_own_time():
    cells = ["def f(n):\n    while n:\n        pass\n    return n"]
    outcome = run(cells, [("f", [1]), ("f", [0])], LIMITS)
    if ALARM:
        assert (outcome.errors, outcome.values) == ({0: "OutOfTime"}, {1: 0})
    else:
        assert (outcome.ended, outcome.values) == ("time", {})


def test_the_rooms_without_answers_can_be_imported():
    code = "from alexnet_lib.architecture import arithmetic\n"
    assert value(code + "x = arithmetic.window_output_size(5, 3)") == 3
    hidden = "try:\n    import alexnet_lib.classroom.assignments\n    x = 1\n"
    assert value(hidden + "except (ImportError, OSError):\n    x = 0") == 0


def test_the_childs_folder_holds_the_runner_and_its_job():
    assert value("import os\nx = sorted(os.listdir('.'))") == ["job.json", "runner.py"]


def test_nothing_of_the_environment_is_handed_down(monkeypatch):
    monkeypatch.setenv("ALEXNET_SPY", "1")
    names = value("import os\nx = list(os.environ)")
    assert "ALEXNET_SPY" not in names
    assert "HOME" in names


def test_a_disk_of_its_own_is_small(offered):
    code = "for x in range(200):\n    open(str(x), 'wb').write(bytes(2**20))"
    full = Limits(seconds=10, disk=2**24, memory=2**28)
    outcome = run([code], [("x", None)], full)
    if offered.walls["namespaces"]:
        assert outcome.cell_errors == {0: "OSError"}
        assert outcome.values[0] < 16
    else:
        assert outcome.values[0] == 199  # only each file has a limit: the guide says so


@pytest.mark.parametrize("walls", [WALLS, WALLS[:1], WALLS[1:]], ids=str)
def test_each_wall_keeps_answers_and_files_by_itself(tmp_path, offered, walls):
    standing = [name for name in walls if offered.walls[name]]
    secret = tmp_path / "secret.txt"
    secret.write_text("BEGIN SECRET")
    roots = [tmp_path, *(runtime.PACKAGE.parent / n for n in ("notebooks", "tests"))]
    roots.append(runtime.PACKAGE / "classroom")
    spy = SPY.format(roots=list(map(str, roots)), clue=CLUE, parent=os.getpid())
    writer = WRITER.format(targets=[str(secret)])
    calm = Limits(seconds=90, cell_seconds=60, memory=2**28)
    outcome = run(
        [spy, "held = explanation", writer], [("held", None)], calm, (), walls
    )
    assert outcome.ended == "done"
    if standing:
        assert outcome.values[0] == "[]"
        secret.chmod(0o600)
        assert secret.read_text() == "BEGIN SECRET"


def test_no_process_outside_can_be_sent_a_signal(offered):
    code = f"import os\nos.kill({os.getpid()}, 0)"  # 0 asks and does nothing
    outcome = run([code], [], LIMITS)
    if offered.walls["namespaces"]:
        assert outcome.cell_errors == {0: "ProcessLookupError"}
    elif offered.walls["landlock"] >= 6:
        assert outcome.cell_errors == {0: "PermissionError"}
    else:
        assert outcome.cell_errors == {}  # the guide says so


def test_the_spy_would_find_what_no_wall_keeps(tmp_path):
    """A spy that finds nothing anywhere would prove nothing."""
    secret = tmp_path / "secret.txt"
    secret.write_text("BEGIN SECRET")
    masters = runtime.PACKAGE.parent / "notebooks" / "assignments"
    spy = SPY.format(roots=[str(tmp_path), str(masters)], clue=CLUE, parent=os.getpid())
    spy = spy.replace('"/tmp", "/home", "/etc"', "")
    calm = Limits(seconds=60, cell_seconds=50, memory=2**29)
    outcome = run([spy], [("explanation", None)], calm, (), ())
    assert "secret.txt" in outcome.values[0]
    assert "1_arithmetic_and_cost.py" in outcome.values[0]
    assert "the room of the answers" in outcome.values[0]


def test_what_may_be_read_leaves_out_what_is_hidden(tmp_path, monkeypatch):
    for name in ("lib/a.py", "lib/secret/key", "lib/secret.txt", "other/b.py"):
        path = tmp_path / "prefix" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    prefix = tmp_path / "prefix"
    for name in ("prefix", "exec_prefix", "base_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, str(prefix))
    found = readable.allowed([prefix / "lib" / "secret", prefix / "lib" / "secret.txt"])
    ours = [path for path in found.read if prefix in path.parents]
    assert ours == [prefix / "lib" / "a.py", prefix / "other"]
    assert [path for path in found.listed if path.is_relative_to(prefix)] == [
        prefix,
        prefix / "lib",
    ]


def test_the_readable_disk_holds_no_room_of_answers():
    found = readable.allowed()
    kept_back = [runtime.PACKAGE / "classroom", runtime.PACKAGE / "commands"]
    kept_back += [runtime.PACKAGE.parent / name for name in ("notebooks", "tests")]
    for path in kept_back:
        assert not any(path.is_relative_to(other) for other in found.read)
    assert runtime.PACKAGE / "architecture" in found.read


def test_a_machine_without_walls_is_refused(monkeypatch):
    def bare(*args) -> Outcome:
        return Outcome({0: 1}, walls={"limits": True}, reasons=["no Landlock (off)"])

    monkeypatch.setattr(sandbox, "run", bare)
    with pytest.raises(RuntimeError) as refused:
        grade.demand_walls()
    assert str(refused.value) == (
        "this machine cannot keep a student's code from your files (no Landlock "
        "(off)): grade on Linux, or in a virtual machine that holds nothing else, or "
        "add --unconfined"
    )
    monkeypatch.setattr(sandbox, "run", lambda *args: Outcome(ended="crashed"))
    with pytest.raises(
        RuntimeError, match=r"the sandbox does not start on this machine"
    ):
        grade.demand_walls()


@pytest.mark.parametrize(
    ("walls", "said"),
    [
        (
            {"namespaces": True, "landlock": 7, "limits": True},
            "a disk, processes and a network of its own; Landlock 7; limits on time, "
            "memory and files",
        ),
        ({"landlock": 4, "limits": False}, "Landlock 4, no TCP"),
        ({"landlock": 3}, "Landlock 3, but the network is open"),
        ({}, "a limit on time only"),
    ],
)
def test_the_walls_are_named(walls, said):
    assert grade.walls(Outcome(walls=walls)) == said


def test_a_kernel_without_landlock_says_so(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    with pytest.raises(OSError, match="this kernel has no Landlock, or it is switched"):
        landlock.confine([], [], [])


def test_nonsense_from_the_child_is_passed_over():
    outcome = Outcome()
    for line in (b"\xff", b"[" * 99_999, b'{"call": 0, "value": NaN}', b"3", b"{}"):
        sandbox._note(outcome, line)
    sandbox._note(outcome, b'{"call": 0, "value": 1}')
    sandbox._note(outcome, b'{"call": 0, "value": 2}')
    sandbox._note(outcome, b'{"call": 1, "error": "the answer is 9216"}')
    assert outcome == Outcome(values={0: 1}, errors={1: "an error of its own"})


def test_a_path_of_the_runner_is_where_it_is_expected():
    assert Path(sandbox.launch.__file__).with_name(sandbox.launch.RUNNER).is_file()
