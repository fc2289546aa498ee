"""Interrupted conversions: the target is whole or absent, and the source is never touched."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cli
import pytest
import torch
from torch_save import CHECKPOINTS

NOBODY = 65534
MiB = 2**20


@pytest.fixture(scope='module')
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A checkpoint of 600 MB, alone in its folder, with its digest."""
    folder = tmp_path_factory.mktemp('big')
    path = folder / 'big.pt'
    torch.save({f'layer{index}': torch.arange(5 * MiB) + index for index in range(15)}, path)
    yield path, cli.digest(path)
    shutil.rmtree(folder)


def interrupt(path: Path, part: float, sent: signal.Signals) -> int:
    """Starts a conversion beside the file, sends it a signal when that part is written, and gives its exit code."""
    with subprocess.Popen(
        cli.command('convert', path, 'to', 'torsh'), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None and not written(path) > part * path.stat().st_size:
            time.sleep(0.001)
        process.send_signal(sent)
        process.communicate(timeout=60)
        return process.returncode


def written(source: Path) -> int:
    """Bytes on the disk in other files of the folder: a file may have its full length before it has its bytes."""
    total = 0
    for path in source.parent.iterdir():
        # It may just have been renamed or removed.
        with contextlib.suppress(FileNotFoundError):
            total += 0 if path == source else path.stat().st_blocks * 512
    return total


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_kill_leaves_no_target(big: tuple[Path, str]) -> None:
    path, digest = big
    target = path.with_suffix('.torsh')
    killed = 0
    for part in (0, 0.2, 0.4, 0.6, 0.8, 0.95):
        code = interrupt(path, part, signal.SIGKILL)
        if code == cli.DONE:
            # It was faster than we: then the target is whole.
            cli.succeed('verify', target, timeout=300)
            target.unlink()
        else:
            assert code == -signal.SIGKILL
            assert not target.exists()
            killed += 1
        for name in names(path.parent) - {path.name} if part < 0.95 else ():
            (path.parent / name).unlink()
    assert killed >= 3
    assert cli.digest(path) == digest
    # What the last one left lying does not stand in the way of the next attempt.
    cli.succeed('convert', path, 'to', 'torsh', '--verify', timeout=300)
    for name in names(path.parent) - {path.name}:
        (path.parent / name).unlink()


@pytest.mark.parametrize('sent', [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize('part', [0, 0.5])
def test_interrupt_leaves_nothing(big: tuple[Path, str], sent: signal.Signals, part: float) -> None:
    path, digest = big
    assert interrupt(path, part, sent) != cli.DONE
    assert names(path.parent) == {path.name}
    assert cli.digest(path) == digest


def small(folder: Path) -> Path:
    """A checkpoint of 8 MB: larger than the disks below."""
    path = folder / 'small.pt'
    torch.save({'weight': torch.arange(MiB)}, path)
    return path


def test_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / 'disk'
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip('only root can mount a small disk')
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], capture_output=True).returncode != 0:
        pytest.skip('this system does not let us mount a small disk')
    try:
        path = small(tmp_path)
        cli.fail(cli.WORLD, 'convert', path, disk / 'out.torsh', names='out.torsh')
        assert names(disk) == set()
    finally:
        subprocess.run(['umount', disk], check=True)


def test_file_size_limit(tmp_path: Path) -> None:
    """The same as a full disk for whoever writes, and possible everywhere."""
    path = small(tmp_path)
    out = tmp_path / 'out'
    out.mkdir()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MiB, 2 * MiB))

    cli.fail(cli.WORLD, 'convert', path, out / 'out.torsh', names='out.torsh', preexec_fn=limited)
    assert names(out) == set()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter; pytest's own are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_stranger() -> dict[str, int | list[int]]:
    """Root may write everywhere, so it runs the command as somebody else."""
    if os.geteuid() != 0:
        return {}
    stranger = {'user': NOBODY, 'group': NOBODY, 'extra_groups': []}
    if cli.run('--help', **stranger).returncode != cli.DONE:
        pytest.skip('another user cannot read this workspace')
    return stranger


def test_unwritable_folder(open_folder: Path) -> None:
    stranger = as_stranger()
    path = CHECKPOINTS['tiny'].write(open_folder)
    locked = open_folder / 'locked'
    locked.mkdir(mode=0o555)
    cli.fail(cli.WORLD, 'convert', path, locked / 'out.torsh', names='out.torsh', **stranger)
    assert names(locked) == set()


def test_unreadable_file(open_folder: Path) -> None:
    stranger = as_stranger()
    path = CHECKPOINTS['tiny'].write(open_folder)
    path.chmod(0)
    cli.fail(cli.WORLD, 'inspect', path, names=path, **stranger)


def test_impossible_target(tmp_path: Path) -> None:
    path = CHECKPOINTS['tiny'].write(tmp_path)
    (tmp_path / 'file').write_text('')
    before = names(tmp_path)
    cli.fail({cli.USAGE, cli.BAD_FILE, cli.WORLD}, 'convert', path, tmp_path / 'file' / 'out.torsh', names='out.torsh')
    assert names(tmp_path) == before
