"""Packages: Python reads what we make, a killed update leaves the old file, and plain servers are enough."""

import http.server
import json
import shutil
import signal
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cli
import pytest
import torch
from safetensors.torch import load, save_file

MiB = 2**20


@pytest.fixture(scope='module')
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, torch.Tensor]]]:
    """A package of 160 MB with code, configuration and dependencies, alone in its folder."""
    sources = tmp_path_factory.mktemp('sources')
    tensors = {f'layer{index}': torch.arange(5 * MiB) + index for index in range(4)}
    save_file(tensors, sources / 'net.safetensors')
    (sources / 'config.json').write_text(json.dumps({'layers': list(range(1000))}))
    (sources / 'code' / 'net').mkdir(parents=True)
    (sources / 'code' / 'net' / '__init__.py').write_text('class Net: ...\n' * 200)
    path = tmp_path_factory.mktemp('package') / 'net.torsh'
    made = ('--version', '1.0.0', '--model', sources / 'net.safetensors', '--resource', sources / 'config.json')
    cli.succeed('new', path, *made, '--code', f'.={sources / "code"}', '--requires', 'torch>=2', '--compress')
    yield path, tensors
    shutil.rmtree(sources)
    shutil.rmtree(path.parent)


def test_python_reads_it(package: tuple[Path, dict[str, torch.Tensor]]) -> None:
    path, tensors = package
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        found = load(archive.read('models/net.safetensors'))
        assert found.keys() == tensors.keys()
        assert all(torch.equal(found[name], tensor) for name, tensor in tensors.items())
        for name in ('code/net/__init__.py', 'resources/config.json'):
            assert archive.getinfo(name).compress_type == zipfile.ZIP_DEFLATED
        assert json.loads(archive.read('resources/config.json'))['layers'][-1] == 999
        manifest = json.loads(archive.read('manifest.json'))
    assert (manifest['name'], manifest['version']) == ('net', '1.0.0')
    assert manifest['dependencies'] == {'python': {'torch': '>=2'}}


def other_bytes(path: Path) -> int:
    """Bytes on the disk in the other files of the folder."""
    total = 0
    for other in path.parent.iterdir():
        try:
            total += 0 if other == path else other.stat().st_blocks * 512
        except FileNotFoundError:
            pass
    return total


def test_a_killed_update_leaves_the_old_file(package: tuple[Path, dict[str, torch.Tensor]]) -> None:
    path, _ = package
    old, size = cli.digest(path), path.stat().st_size
    killed = 0
    for part in (0, 0.3, 0.6, 0.9):
        command = cli.command('set', path, 'author=somebody')
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            while process.poll() is None and not other_bytes(path) > part * size:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
        if process.returncode == cli.DONE:
            # It was faster than we: then the new package is whole.
            cli.succeed('verify', path)
            old = cli.digest(path)
        else:
            assert process.returncode == -signal.SIGKILL
            assert cli.digest(path) == old
            killed += 1
        for other in path.parent.iterdir():
            if other != path:
                other.unlink()
    assert killed >= 2
    cli.succeed('bump', path, 'minor', '--quiet')
    cli.succeed('verify', path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert json.loads(cli.succeed('inspect', path, '--json'))['metadata']['torsh']['version'] == '1.1.0'


def test_a_server_without_ranges(tmp_path: Path) -> None:
    """Python's own server sends whole files: enough for small packages, and an error for large ones."""
    (tmp_path / 'note.txt').write_text('small')
    cli.succeed('new', tmp_path / 'small.torsh', '--resource', tmp_path / 'note.txt')
    with (tmp_path / 'large.torsh').open('wb') as file:
        file.truncate(9 * MiB)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path))

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f'http://127.0.0.1:{server.server_port}'
        described = json.loads(cli.succeed('inspect', f'{address}/small.torsh', '--json'))
        assert [each['path'] for each in described['resources']] == ['note.txt']
        cli.fail(cli.WORLD, 'inspect', f'{address}/large.torsh', names='large.torsh')
        server.shutdown()
