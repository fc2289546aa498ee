"""Differences of numbers as torch sees them, and patches between files that torch wrote."""

import json
import math
import shutil
import signal
import subprocess
import time
from pathlib import Path

import cli
import pytest
import torch
from safetensors.torch import save_file

FLOATS = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float8_e5m2,
    torch.float8_e4m3fn,
    torch.float8_e5m2fnuz,
    torch.float8_e4m3fnuz,
    torch.float8_e8m0fnu,
]
WHOLE = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64]


def pair() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Every type: all codes of the small ones, NaN and infinities among them, against the codes in another order."""
    before, after = {}, {}
    for dtype in FLOATS + WHOLE:
        width = dtype.itemsize
        generator = torch.Generator().manual_seed(width)
        raw = torch.randint(0, 256, (4096 * width,), dtype=torch.uint8, generator=generator)
        if width == 1:
            raw = torch.arange(4096).to(torch.uint8)
        rows = raw.reshape(-1, width)
        mixed = rows[torch.randperm(len(rows), generator=generator)]
        name = str(dtype).removeprefix('torch.')
        for state, part in ((before, rows), (after, mixed)):
            state[name] = part.contiguous().view(dtype).reshape(64, 64)
            # Random doubles are so large that no sum of them is finite.
            if dtype == torch.float64:
                state[name] = torch.randn(64, 64, dtype=dtype, generator=generator)
                state[name][0, :2] = torch.tensor([math.nan, 0.0])
    return before, after


def expected(before: torch.Tensor, after: torch.Tensor) -> dict:
    if before.dtype in FLOATS:
        a, b = (tensor.to(torch.float64).flatten().tolist() for tensor in (before, after))
    else:
        # torch has no arithmetic for wide unsigned numbers; Python's is exact.
        a, b = (tensor.flatten().tolist() for tensor in (before, after))
    both = [(x, y) for x, y in zip(a, b) if x == x and y == y]
    differences = [abs(y - x) for x, y in both if x != y]
    lone = sum((x == x) != (y == y) for x, y in zip(a, b))
    return {
        'values': len(a),
        'changed': len(differences) + lone,
        'maxAbs': float(max(differences)),
        'meanAbs': math.fsum(map(float, differences)) / len(both) if math.inf not in differences else math.inf,
        'nan': [sum(x != x for x in a), sum(y != y for y in b)],
    }


def test_diff_agrees_with_torch(tmp_path: Path) -> None:
    before, after = pair()
    save_file(before, tmp_path / 'before.safetensors')
    save_file(after, tmp_path / 'after.safetensors')
    result = cli.run('diff', tmp_path / 'before.safetensors', tmp_path / 'after.safetensors', '--json')
    assert result.returncode == cli.REFUSED, result.stderr
    found = {each['after']['name']: each['values'] for each in json.loads(result.stdout)['tensors']['different']}
    assert found.keys() == before.keys()
    for name, values in found.items():
        wanted = expected(before[name], after[name])
        for key in ('values', 'changed', 'nan'):
            assert values[key] == wanted[key], (name, key)
        for key in ('maxAbs', 'meanAbs'):
            # JSON has no word for infinity.
            same = values[key] is None if math.isinf(wanted[key]) else math.isclose(values[key], wanted[key], rel_tol=1e-12)
            assert same, (name, key, values[key], wanted[key])


def tuned(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    torch.manual_seed(0)
    base = {f'layer{index}': torch.randn(512, 512) * 0.02 for index in range(4)}
    after = {name: tensor + torch.randn_like(tensor) * 1e-5 for name, tensor in base.items()}
    after['layer0'] = base['layer0']
    base['half'], after['half'] = base['layer1'].bfloat16(), after['layer1'].bfloat16()
    after['new'] = torch.randn(16, 16)
    return base, after


@pytest.mark.parametrize('form', ['pt', 'safetensors', 'torsh'])
def test_patch_gives_the_target(tmp_path: Path, form: str) -> None:
    base, after = tuned(tmp_path)
    paths = []
    for name, state in (('base', base), ('target', after)):
        path = tmp_path / f'{name}.{form}'
        if form == 'pt':
            torch.save(state, path)
        else:
            save_file(state, path.with_suffix('.safetensors'))
            if form == 'torsh':
                cli.succeed('convert', path.with_suffix('.safetensors'), 'to', 'torsh')
        paths.append(path)
    patch, result = tmp_path / 'x.torshpatch', tmp_path / f'result.{form}'
    made = json.loads(cli.succeed('patch', 'create', *paths, '-o', patch, '--json'))
    # Three tensors and a half that moved, of which about half of the bits are new.
    assert made['bytes'] < 0.65 * made['changed'] + 20_000
    assert made['changed'] == 3 * 512 * 512 * 4 + 512 * 512 * 2
    cli.succeed('patch', 'apply', paths[0], patch, '-o', result)
    assert cli.digest(result) == cli.digest(paths[1])
    subprocess.run(['unzip', '-tqq', patch], check=True)


def test_a_killed_apply_leaves_the_base_whole(tmp_path: Path) -> None:
    torch.manual_seed(0)
    base, target, patch = (tmp_path / name for name in ('model.safetensors', 'target.safetensors', 'x.torshpatch'))
    state = {f'layer{index}': torch.randn(2**22) for index in range(6)}
    save_file(state, base)
    state['layer4'] = state['layer4'] + torch.randn(2**22) * 1e-5
    save_file(state, target)
    cli.succeed('patch', 'create', base, target, '-o', patch)
    before, wanted = cli.digest(base), cli.digest(target)
    target.unlink()
    killed = 0
    for megabytes in (0, 20, 60, 90):
        command = cli.command('patch', 'apply', base, patch, '-o', base, '--force')
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            while process.poll() is None:
                parts = [path for path in tmp_path.glob('.*.part')]
                if parts and parts[0].exists() and parts[0].stat().st_size >= megabytes * 1e6:
                    break
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
        if process.returncode != -signal.SIGKILL:
            break
        killed += 1
        assert cli.digest(base) == before
        for part in tmp_path.glob('.*.part'):
            part.unlink()
    assert killed >= 2
    if cli.digest(base) == before:
        cli.succeed('patch', 'apply', base, patch, '-o', base, '--force')
    assert cli.digest(base) == wanted
    shutil.rmtree(tmp_path)
