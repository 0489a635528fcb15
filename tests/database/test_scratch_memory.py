"""Scratch servers keep their files in memory only where there is plenty of it and nobody says otherwise."""

from __future__ import annotations

from collections import namedtuple

import pytest

from driftcheck.database.scratch import memory
from driftcheck.database.scratch.memory import folder_in_memory

GIGABYTES = 2**30
Space = namedtuple("Space", "f_bavail f_frsize")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A root with /dev/shm in memory, 8 GB free there and of memory, in a control group without a limit."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    for name in ("dev/shm", "proc/self", "sys/fs/cgroup/jobs/one"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "dev/shm").chmod(0o1777)
    write(tmp_path, "proc/mounts", "/dev/sda / ext4 rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n")
    write(tmp_path, "proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable:    8388608 kB\n")
    write(tmp_path, "proc/self/cgroup", "0::/jobs/one\n")
    write(tmp_path, "sys/fs/cgroup/jobs/memory.max", "max\n")
    has(monkeypatch, 8 * GIGABYTES)
    return tmp_path


def write(root, name, text):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def has(monkeypatch, space):
    monkeypatch.setattr(memory.os, "statvfs", lambda _: Space(space // 4096, 4096))


def limited(root, folder, allowed, used, names=("memory.max", "memory.current")):
    for name, value in zip(names, (allowed, used), strict=True):
        write(root, f"sys/fs/cgroup/{folder}/{name}", f"{value}\n")


def test_memory_is_taken_where_there_is_plenty(machine):
    assert folder_in_memory(machine) == machine / "dev/shm"


def test_a_limit_far_away_is_no_limit(machine):
    limited(machine, "jobs/one", 9 * GIGABYTES, GIGABYTES)
    assert folder_in_memory(machine) == machine / "dev/shm"


@pytest.mark.parametrize("name", ["TMPDIR", "TEMP", "TMP"])
def test_a_chosen_folder_is_obeyed(machine, monkeypatch, name):
    monkeypatch.setenv(name, "/somewhere")
    assert folder_in_memory(machine) is None


def test_a_disk_under_that_name_is_not_memory(machine):
    write(machine, "proc/mounts", "/dev/sda /dev/shm ext4 rw 0 0\n")
    assert folder_in_memory(machine) is None


def test_the_small_one_of_a_container_is_not_taken(machine, monkeypatch):
    has(monkeypatch, 64 * 2**20)
    assert folder_in_memory(machine) is None


def test_a_folder_that_not_everybody_may_enter_is_not_taken(machine):
    (machine / "dev/shm").chmod(0o700)
    assert folder_in_memory(machine) is None


def test_memory_that_is_used_up_is_not_taken(machine):
    write(machine, "proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 1000000 kB\n")
    assert folder_in_memory(machine) is None


@pytest.mark.parametrize("folder", ["jobs/one", "jobs", "."])
def test_a_limit_of_the_group_or_around_it_counts(machine, folder):
    limited(machine, folder, 3 * GIGABYTES, 2 * GIGABYTES)
    assert folder_in_memory(machine) is None


@pytest.mark.parametrize("folder", ["memory", "memory/docker/1"])
def test_a_limit_in_the_older_way_counts(machine, folder):
    write(machine, "proc/self/cgroup", "5:cpu,memory:/docker/1\n1:cpuset:/docker/1\n0::/\n")
    limited(machine, "memory", 2**63 - 4096, GIGABYTES, ("memory.limit_in_bytes", "memory.usage_in_bytes"))
    assert folder_in_memory(machine) == machine / "dev/shm"
    limited(machine, folder, GIGABYTES, 0, ("memory.limit_in_bytes", "memory.usage_in_bytes"))
    assert folder_in_memory(machine) is None


@pytest.mark.parametrize("name", ["proc/mounts", "proc/meminfo", "proc/self/cgroup"])
def test_no_guess_where_the_system_does_not_say(machine, name):
    (machine / name).unlink()
    assert folder_in_memory(machine) is None
