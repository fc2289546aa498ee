"""Damaged and hostile files: the exit code of their class, one sentence, no output, and nothing of theirs runs."""

import os
import pickle
import posix
import struct
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import cli
import pytest
import torch
from hostile import CENTRAL, END, LOCAL, Id, dumps, packed, patched, records, storage, tensor
from torch_save import CHECKPOINTS
from torch_save_classes import Call

# Files by name: the exit codes that are right, and the bytes.
BAD: dict[str, tuple[set[int], Callable[[], bytes]]] = {}


def bad(name: str, *codes: int) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BAD[name] = (set(codes), make)
        return make

    return register


def bad_tensor(name: str, *codes: int, **geometry: object) -> None:
    bad(name, *codes)(lambda: packed(records({'weight': tensor(**geometry)})))


def bad_records(name: str, code: int, **changes: bytes | None) -> None:
    bad(name, code)(lambda: packed(records(**{key.replace('__', '/'): value for key, value in changes.items()})))


def bad_pickle(name: str, code: int, data: bytes) -> None:
    bad(name, code)(lambda: packed(records(**{'data.pkl': data})))


# ---------------------------------------------------------------------------------------------- not a model

LFS = b'version https://git-lfs.github.com/spec/v1\noid sha256:' + b'0' * 64 + b'\nsize 12345\n'
HTML = b'<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n'

bad('empty', cli.BAD_FILE)(bytes)
bad('one-byte', cli.BAD_FILE)(lambda: b'P')
bad('noise', cli.BAD_FILE)(lambda: bytes((index * 7919 + 13) % 251 for index in range(5000)))
bad('zeros', cli.BAD_FILE)(lambda: bytes(5000))
bad('text', cli.BAD_FILE)(lambda: b'These are my weights: 1, 2, 3.\n')
bad('html', cli.BAD_FILE)(lambda: HTML)
bad('lfs-pointer', cli.BAD_FILE)(lambda: LFS)
bad('empty-zip', cli.BAD_FILE)(lambda: packed([]))
bad('other-zip', cli.BAD_FILE)(lambda: packed([('readme.txt', b'hello')], folder=''))

# ---------------------------------------------------------------------------------------------- the ZIP


def good() -> bytes:
    return packed(records())


for part in (0.05, 0.3, 0.6, 0.9):
    bad(f'truncated-{part}', cli.BAD_FILE)(lambda part=part: good()[: int(len(good()) * part)])
for missing in (1, 10, 22, 40):
    bad(f'truncated-by-{missing}', cli.BAD_FILE)(lambda missing=missing: good()[:-missing])

bad('encrypted', cli.BAD_FILE)(
    lambda: patched(patched(good(), LOCAL, 6, '<H', 1, every=True), CENTRAL, 8, '<H', 1, every=True)
)
bad('split', cli.BAD_FILE, cli.UNSAFE)(lambda: patched(good(), END, 4, '<HH', 1, 1))
bad('unknown-method', cli.BAD_FILE)(lambda: packed(records(), zipfile.ZIP_BZIP2))
bad('duplicate-pickle', cli.UNSAFE)(lambda: packed([*records(), ('data.pkl', dumps({'weight': 'other'}))]))
bad('pickle-in-capitals', cli.UNSAFE)(lambda: packed([*records(), ('DATA.PKL', dumps({'weight': 'other'}))]))
bad('path-goes-up', cli.UNSAFE)(lambda: packed([*records(), ('../../escaped.txt', b'out')]))
bad('absolute-path', cli.UNSAFE)(lambda: packed([*records(), ('x', b'out')], folder='/archive/'))
bad('overlapping-entries', cli.UNSAFE, cli.BAD_FILE)(lambda: patched(good(), CENTRAL, 42, '<I', 0))
bad('bomb', cli.LIMIT)(lambda: packed(records(**{'data.pkl': bytes(64 * 2**20)}), zipfile.ZIP_DEFLATED))
bad('lying-size', cli.BAD_FILE, cli.UNSAFE)(
    lambda: patched(
        patched(packed(records(), zipfile.ZIP_DEFLATED), LOCAL, 22, '<I', 9, every=True),
        CENTRAL,
        24,
        '<I',
        9,
        every=True,
    )
)
bad('wrong-crc', cli.BAD_FILE)(
    lambda: patched(patched(good(), LOCAL, 14, '<I', 7, every=True), CENTRAL, 16, '<I', 7, every=True)
)

# ---------------------------------------------------------------------------------------------- the records

bad('no-pickle', cli.BAD_FILE)(lambda: packed(records(**{'data.pkl': None})))
bad_records('no-storage', cli.BAD_FILE, data__0=None)
bad_records('short-storage', cli.BAD_FILE, data__0=bytes(12))
bad_records('long-storage', cli.BAD_FILE, data__0=bytes(20))
bad_records('uneven-storage', cli.BAD_FILE, data__0=bytes(15))
bad_records('bad-byteorder', cli.BAD_FILE, byteorder=b'middle')

# ---------------------------------------------------------------------------------------------- geometry

bad_tensor('offset-out-of-range', cli.BAD_FILE, offset=4, size=(1,))
bad_tensor('end-out-of-range', cli.BAD_FILE, offset=1, size=(4,))
bad_tensor('stride-out-of-range', cli.BAD_FILE, size=(2, 2), stride=(3, 2))
bad_tensor('negative-offset', cli.BAD_FILE, offset=-1)
bad_tensor('negative-stride', cli.BAD_FILE, offset=3, stride=(-1,))
bad_tensor('negative-size', cli.BAD_FILE, size=(-4,))
bad_tensor('overflowing', cli.BAD_FILE, cli.LIMIT, size=(2**62, 4), stride=(2**62, 4))
bad_tensor('rank-mismatch', cli.BAD_FILE, size=(2, 2), stride=(1,))
bad_tensor('text-for-size', cli.BAD_FILE, size=('4',))
bad_tensor('fraction-for-offset', cli.BAD_FILE, offset=0.5)
bad_tensor('no-storage-at-all', cli.BAD_FILE, of='not a storage')
bad_tensor('expanded', cli.LIMIT, size=(10**9,), stride=(0,))
bad_tensor('expanded-beyond-numbers', cli.BAD_FILE, cli.LIMIT, size=(10**9, 10**9, 10**9), stride=(0, 0, 0))


@bad('ten-thousand-views', cli.LIMIT)
def _() -> bytes:
    million = storage(numel=1_000_000)
    views = [tensor(offset=at, size=(990_000,), of=million) for at in range(10_000)]
    return packed(records(views, **{'data/0': bytes(4_000_000)}))


# ---------------------------------------------------------------------------------------------- the pickle

bad_pickle('empty-pickle', cli.BAD_FILE, b'')
bad_pickle('no-stop', cli.BAD_FILE, dumps({'a': 1})[:-1])
bad_pickle('unknown-opcode', cli.BAD_FILE, b'\x80\x02\xff.')
bad_pickle('underflow', cli.BAD_FILE, b'\x80\x02R.')
bad_pickle('odd-items', cli.BAD_FILE, b'\x80\x02}(K\x01u.')
bad_pickle('missing-memo', cli.BAD_FILE, b'\x80\x02h\x05.')
bad_pickle('huge-text', cli.BAD_FILE, b'\x80\x02X\xff\xff\xff\xffabc.')
bad_pickle('huge-bytes', cli.BAD_FILE, b'\x80\x04\x8e' + struct.pack('<Q', 2**60) + b'abc.')
bad_pickle('negative-long', cli.BAD_FILE, b'\x80\x02\x8b\xff\xff\xff\xff.')
bad_pickle('bad-utf-8', cli.BAD_FILE, b'\x80\x02X\x02\x00\x00\x00\xc3\x28.')
bad_pickle('unknown-persistent-id', cli.BAD_FILE, dumps({'weight': Id(('elsewhere', 1))}))
bad_pickle('text-persistent-id', cli.BAD_FILE, dumps({'weight': Id('storage')}))
bad_pickle('unknown-storage', cli.BAD_FILE, dumps({'weight': tensor(of=storage(kind=Call))}))
bad_pickle('very-deep', cli.LIMIT, b'\x80\x02' + b']' * 200_000 + b'a' * 199_999 + b'.')


@bad('memo-bomb', cli.LIMIT)
def _() -> bytes:
    """One tensor with 2^40 names."""
    nest: object = [tensor()]
    for _ in range(40):
        nest = [nest, nest]
    return packed(records(nest))


@bad('memo-bomb-of-keys', cli.LIMIT)
def _() -> bytes:
    nest: object = {'a': tensor()}
    for _ in range(40):
        nest = {'left': nest, 'right': nest}
    return packed(records(nest))


@pytest.mark.parametrize('name', BAD)
def test_bad_file(name: str, tmp_path: Path) -> None:
    codes, make = BAD[name]
    path = tmp_path / f'{name}.pt'
    path.write_bytes(make())
    before = cli.digest(path)
    begun = time.monotonic()
    said = cli.fail(codes, 'convert', path, 'to', 'torsh', names=path)
    assert time.monotonic() - begun < 15
    assert [*tmp_path.iterdir()] == [path], 'something was left behind'
    assert cli.digest(path) == before
    if name == 'lfs-pointer':
        assert 'git lfs pull' in said


@pytest.mark.parametrize('name', ['noise', 'no-storage', 'duplicate-pickle', 'expanded'])
def test_inspect_agrees(name: str, tmp_path: Path) -> None:
    codes, make = BAD[name]
    path = tmp_path / f'{name}.pt'
    path.write_bytes(make())
    cli.fail(codes, 'inspect', '--json', '--digests', path, names=path)


def test_missing_file(tmp_path: Path) -> None:
    cli.fail(cli.BAD_FILE, 'inspect', tmp_path / 'absent.pt', names='absent.pt')


def test_truncated_anywhere(tmp_path: Path) -> None:
    """A real checkpoint cut at many places, with what it was cut to beside it in turn."""
    data = CHECKPOINTS['tiny'].write(tmp_path).read_bytes()
    path = tmp_path / 'cut.pt'
    for length in range(1, len(data), max(1, len(data) // 16)):
        path.write_bytes(data[:length])
        cli.fail(cli.BAD_FILE, 'convert', path, 'to', 'torsh', names=path)
    assert {each.name for each in tmp_path.iterdir()} == {'tiny.pt', 'cut.pt'}


# ---------------------------------------------------------------------------------------------- odd, but harmless


def inspected(tmp_path: Path, data: bytes) -> dict:
    path = tmp_path / 'odd.pt'
    path.write_bytes(data)
    return cli.inspect(path)


HARMLESS = {
    'good': good,
    'huge-memo-index': lambda: packed(
        records(**{'data.pkl': dumps({'weight': tensor()})[:-1] + b'r\xff\xff\xff\xff.'})
    ),
    'bytes-after-stop': lambda: packed(records(**{'data.pkl': dumps({'weight': tensor()}) + b'garbage'})),
    'proto-keys': lambda: packed(
        records({'weight': tensor(), '__proto__': {'polluted': 1}, 'constructor': {'prototype': 2}})
    ),
    'proto-state': lambda: packed(
        records({'weight': tensor(), 'odd': Call(Exception, state={'__proto__': {'polluted': 1}})})
    ),
    'no-byteorder': lambda: packed(records(byteorder=None)),
    'deflated': lambda: packed(records(), zipfile.ZIP_DEFLATED),
    'many-equal-views': lambda: packed(records({'weight': tensor(), 'more': [tensor() for _ in range(3000)]})),
}


@pytest.mark.parametrize('name', HARMLESS)
def test_harmless(name: str, tmp_path: Path) -> None:
    document = inspected(tmp_path, HARMLESS[name]())
    assert [(tensor['name'], tensor['shape']) for tensor in document['tensors']] == [('weight', [4])]
    # Bytes that no reader looks at are not kept, and that is a loss to be agreed to.
    agreed = ['--allow-loss'] if name == 'bytes-after-stop' else []
    if agreed:
        cli.fail(cli.REFUSED, 'convert', tmp_path / 'odd.pt', 'to', 'torsh', names='odd.pt')
    cli.succeed('convert', tmp_path / 'odd.pt', 'to', 'torsh', '--verify', *agreed)


def test_numbers_with_many_paths(tmp_path: Path) -> None:
    """The memo bomb without a tensor: nothing has to be named, but what is kept must not grow without bound."""
    nest: object = ['lol']
    for _ in range(60):
        nest = [nest, nest]
    path = tmp_path / 'nest.pt'
    path.write_bytes(packed(records({'weight': tensor(), 'nest': nest})))
    result = cli.run('convert', path, 'to', 'torsh', timeout=20)
    assert result.returncode in {cli.DONE, cli.LIMIT}, result.stderr
    target = path.with_suffix('.torsh')
    assert target.exists() == (result.returncode == cli.DONE)
    assert not target.exists() or target.stat().st_size < 100_000


# CPython's memo is a plain array: it runs out of memory where we must not.
@pytest.mark.parametrize('name', sorted(HARMLESS.keys() - {'huge-memo-index'}))
def test_torch_finds_it_harmless_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / 'odd.pt'
    path.write_bytes(HARMLESS[name]())
    assert torch.load(path, weights_only=False)['weight'].tolist() == [1, 2, 3, 4]


# ---------------------------------------------------------------------------------------------- nothing runs

ATTACKS = {
    f'{posix.system.__module__}.system': lambda command: Call(os.system, command),
    'subprocess.Popen': lambda command: Call(subprocess.Popen, command, -1, None, None, None, None, None, True, True),
    'builtins.eval': lambda command: Call(eval, f'__import__("os").system({command!r})'),
    'builtins.exec': lambda command: Call(exec, f'import os; os.system({command!r})'),
    'torch.storage._load_from_bytes': lambda command: Call(
        torch.storage._load_from_bytes, pickle.dumps(Call(os.system, command))
    ),
}


@pytest.mark.parametrize('protocol', [2, 4])
@pytest.mark.parametrize('name', ATTACKS)
def test_nothing_runs(name: str, protocol: int, tmp_path: Path) -> None:
    marker, path = tmp_path / 'marker', tmp_path / 'attack.pt'
    item = {'weight': tensor(), 'payload': ATTACKS[name](f'touch {marker}')}
    path.write_bytes(packed(records(**{'data.pkl': dumps(item, protocol)})))
    document = cli.inspect(path)
    assert [tensor['name'] for tensor in document['tensors']] == ['weight']
    # Protocol 2 has Python 2's name of the module.
    known = {name, name.replace('builtins.', '__builtin__.')}
    said = [issue['message'] + str(issue.get('subject')) for issue in document['issues']]
    assert any(each in text for each in known for text in said), f'no issue names {name}: {said}'
    cli.succeed('convert', path, 'to', 'torsh', '--verify')
    cli.succeed('convert', path, tmp_path / 'out.safetensors', '--allow-loss')
    assert not marker.exists()
    assert path.with_suffix('.torsh').exists()


def test_the_attack_is_real(tmp_path: Path) -> None:
    """torch itself, told to trust the file, runs it: otherwise the tests above would prove nothing."""
    marker, path = tmp_path / 'marker', tmp_path / 'attack.pt'
    path.write_bytes(packed(records({'payload': Call(os.system, f'touch {marker}')})))
    torch.load(path, weights_only=False)
    assert marker.exists()
