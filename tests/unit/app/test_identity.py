"""Processes told apart, also when one has the number of another."""

import os
import subprocess
import sys
from dataclasses import replace

from app.identity import Role, birth_of, this_process


def test_a_process_is_the_same_whenever_it_is_asked_and_no_other() -> None:
    me = this_process(Role.WEB)
    assert me == this_process(Role.WEB)
    assert (me.pid, me.is_here, me.is_running) == (os.getpid(), True, True)
    assert me.id != replace(me, birth="another").id


def test_one_that_has_the_number_of_a_dead_one_is_not_that_one() -> None:
    assert not replace(this_process(Role.WEB), birth="earlier").is_running


def test_one_that_was_killed_runs_no_more_whether_or_not_its_parent_has_noticed() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child.stdin is not None
    assert birth_of(child.pid) is not None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert birth_of(child.pid) is None, "nobody has waited for it yet"
    child.wait()
    assert birth_of(child.pid) is None
    child.stdin.close()


def test_a_process_elsewhere_is_not_here() -> None:
    assert not replace(this_process(Role.WEB), host="elsewhere").is_here
