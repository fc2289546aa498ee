"""Makes a base and a fine-tuned copy of it, and patches between them by every tool there is, side by side in one run.

The pair is made as fine-tuning makes one. Weights are normal with a deviation of 0.02. Four fifths of the bytes are bfloat16,
one fifth single precision. The embedding and the first sixth of the layers are frozen. The update of every other weight
is normal, with a deviation of 3e-5 in the first layers that learn and 12e-5 in the last ones, times a factor
between 0.5 and 1.5 for each row; it is added in single precision and rounded. One head of a thousandth is replaced, one tensor is new,
one is gone. Both are .torsh archives, so nothing lies where it was.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench import MAIN, measure, touch

PAIR = """
import sys, torch
from safetensors.torch import save_file
size, folder = float(sys.argv[1]), sys.argv[2]
torch.manual_seed(0)
width, layers = 1024, 24
base, tuned = {}, {}

def weights(count):
    return torch.randn(max(1, int(count) // width), width) * 0.02

def update(old, deviation):
    return torch.randn_like(old) * deviation * (0.5 + torch.rand(old.shape[0], 1))

half, single = size * 0.8 / 2, size * 0.2 / 4
base['embed.weight'] = tuned['embed.weight'] = weights(half / 8).bfloat16()
for layer in range(layers):
    for part in ('q', 'k', 'v', 'o'):
        old = weights(half * 7 / 8 / layers / 4)
        learns = layer >= layers // 6
        deviation = 3e-5 * (1 + 3 * layer / layers)
        name = f'layers.{layer}.attention.{part}.weight'
        base[name] = old.bfloat16()
        tuned[name] = (old + update(old, deviation)).bfloat16() if learns else base[name]
for index in range(8):
    old = weights(single / 8)
    base[f'adapter.{index}.weight'], tuned[f'adapter.{index}.weight'] = old, old + update(old, 5e-5)
base['head.weight'], tuned['head.weight'] = weights(half / 1000).bfloat16(), weights(half / 1000).bfloat16()
base['old_head.weight'], tuned['another.weight'] = weights(half / 1000), weights(half / 1000)
save_file(base, folder + '/base.safetensors')
save_file(tuned, folder + '/target.safetensors')
"""


@dataclass
class Tool:
    """How a tool makes a patch and applies it; `{base}` and so on are paths."""

    create: list[str]
    apply: list[str]
    size: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)


def tools() -> dict[str, Tool]:
    torsh = ['node', str(MAIN), 'patch']
    return {
        'torsh': Tool(
            [*torsh, 'create', '{base}', '{target}', '-o', '{patch}', '--no-fsync', '-q'],
            [*torsh, 'apply', '{base}', '{patch}', '-o', '{result}', '--no-fsync', '-q'],
        ),
        'zstd --patch-from': Tool(
            ['zstd', '-q', '-f', '--long=31', '--patch-from={base}', '{target}', '-o', '{patch}'],
            ['zstd', '-q', '-f', '-d', '--long=31', '--patch-from={base}', '{patch}', '-o', '{result}'],
        ),
        'zstd -19 --patch-from': Tool(
            ['zstd', '-q', '-f', '-19', '--long=31', '--patch-from={base}', '{target}', '-o', '{patch}'],
            ['zstd', '-q', '-f', '-d', '--long=31', '--patch-from={base}', '{patch}', '-o', '{result}'],
        ),
        'xdelta3': Tool(['xdelta3', '-f', '-e', '-s', '{base}', '{target}', '{patch}'], ['xdelta3', '-f', '-d', '-s', '{base}', '{patch}', '{result}']),
        'bsdiff': Tool(['bsdiff', '{base}', '{target}', '{patch}'], ['bspatch', '{base}', '{result}', '{patch}']),
    }


# bsdiff also takes nine times the memory of the file.
SLOW = ('zstd -19 --patch-from', 'bsdiff')


def make_pair(folder: Path, megabytes: float) -> tuple[Path, Path]:
    subprocess.run([sys.executable, '-c', PAIR, str(megabytes * 1e6), str(folder)], check=True)
    made = []
    for name in ('base', 'target'):
        source = folder / f'{name}.safetensors'
        subprocess.run(['node', str(MAIN), 'convert', str(source), 'to', 'torsh', '--no-fsync', '-q'], check=True)
        source.unlink()
        made.append(folder / f'{name}.torsh')
    return made[0], made[1]


def run(tool: Tool, base: Path, target: Path) -> None:
    patch, result = base.with_name('patch'), base.with_name('result')
    paths = {'base': str(base), 'target': str(target), 'patch': str(patch), 'result': str(result)}
    for what, command, output in (('create', tool.create, patch), ('apply', tool.apply, result)):
        touch(base), touch(target)
        seconds, peak = measure([part.format(**paths) for part in command], output)
        tool.seconds[what], tool.peak[what] = seconds, peak
    tool.size = patch.stat().st_size
    if subprocess.run(['cmp', '-s', str(result), str(target)]).returncode != 0:
        raise SystemExit(f'{tool.apply} did not give the target back')
    patch.unlink(), result.unlink()


def compare(megabytes: float, chosen: dict[str, Tool], folder: Path) -> None:
    base, target = make_pair(folder, megabytes)
    size = target.stat().st_size
    print(f'\nA target of {size / 1e6:.0f} MB (one run; 1.00 = torsh)\n')
    print('| | size | of the target | create | apply | peak memory, create and apply |')
    print('| --- | ---: | ---: | ---: | ---: | ---: |')
    ours: Tool | None = None
    for name, tool in chosen.items():
        run(tool, base, target)
        ours = ours or tool
        ratios = [tool.seconds[what] / ours.seconds[what] for what in ('create', 'apply')]
        peaks = ' / '.join(f'{tool.peak[what] / 1024:.0f}' for what in ('create', 'apply'))
        print(f'| {name} | {tool.size / ours.size:.2f} | {100 * tool.size / size:.1f} % | {ratios[0]:.2f} | {ratios[1]:.2f} | {peaks} MiB |')
        sys.stdout.flush()
    print(f'\ntorsh itself: {ours.size / 1e6:.1f} MB, made in {ours.seconds["create"]:.1f} s, applied in {ours.seconds["apply"]:.1f} s')
    base.unlink(), target.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--megabytes', type=float, default=500, help='size of the pair')
    parser.add_argument('--small-megabytes', type=float, default=20, help='size of the pair for the slow ones, which take a minute for 10 MB; 0 leaves them out')
    options = parser.parse_args()
    everything = tools()
    missing = [name for name, tool in everything.items() if shutil.which(tool.create[0]) is None]
    if missing:
        print(f'Not installed, left out: {", ".join(missing)} (apt-get install bsdiff xdelta3 zstd)')
    there = {name: tool for name, tool in everything.items() if name not in missing}
    with tempfile.TemporaryDirectory(prefix='torsh-bench-') as folder:
        compare(options.megabytes, {name: tool for name, tool in there.items() if name not in SLOW}, Path(folder))
        if options.small_megabytes > 0:
            compare(options.small_megabytes, there, Path(folder))


if __name__ == '__main__':
    main()
