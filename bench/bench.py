"""Converts one checkpoint by every means there is, side by side in one run, and prints ratios.

Each row is a whole process: start-up, reading, writing. Rounds are interleaved and the median counts, because machines
are noisy. `cp` is the yardstick: nothing that copies bytes can be much faster.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / 'apps' / 'cli' / 'dist' / 'main.js'

PLAIN = """
import sys, torch, safetensors.torch
state = torch.load(sys.argv[1], weights_only=True)
safetensors.torch.save_file(state, sys.argv[2])
"""
MMAP = PLAIN.replace('weights_only=True', 'weights_only=True, mmap=True')


def make_checkpoint(path: Path, size: int, tensors: int, legacy: bool = False) -> None:
    """A bfloat16 state dict as torch saves it, or as it did before 1.6, of about `size` bytes."""
    script = (
        'import sys, torch\n'
        'path, size, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])\n'
        'torch.manual_seed(0)\n'
        'each = size // 2 // count\n'
        "state = {f'layers.{i}.weight': torch.randint(-2**15, 2**15, (each,), dtype=torch.int16).view(torch.bfloat16) for i in range(count)}\n"
        f'torch.save(state, path, _use_new_zipfile_serialization={not legacy})\n'
    )
    subprocess.run([sys.executable, '-c', script, str(path), str(size), str(tensors)], check=True)


class Measured:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.peak = 0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(command: list[str], target: Path) -> tuple[float, int]:
    """Wall time and peak memory, in KiB, of one process and its threads."""
    target.unlink(missing_ok=True)
    subprocess.run(['sync'], check=True)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f'{command} failed:\n{error.decode()}')
    return seconds, usage.ru_maxrss


def forget(path: Path) -> None:
    """Drops a file from the page cache."""
    with path.open('rb') as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def touch(path: Path) -> None:
    """Brings a file into the page cache."""
    with path.open('rb', buffering=0) as file:
        buffer = bytearray(1 << 20)
        while file.readinto(buffer):
            pass


def torsh(source: Path, target: Path, *options: str) -> list[str]:
    return ['node', str(MAIN), 'convert', str(source), str(target), '--quiet', '--force', *options]


def series(title: str, source: Path, rows: dict[str, tuple[list[str], Path]], rounds: int, cold: bool, goals: dict[str, str]) -> dict[str, Measured]:
    results = {name: Measured() for name in rows}
    for _ in range(rounds):
        for name, (command, target) in rows.items():
            (forget if cold else touch)(source)
            seconds, peak = measure(command, target)
            results[name].seconds.append(seconds)
            results[name].peak = max(results[name].peak, peak)
            target.unlink(missing_ok=True)
    print_table(title, results, goals, rounds)
    return results


def print_table(title: str, results: dict[str, Measured], goals: dict[str, str], rounds: int) -> None:
    yardstick = next(iter(results))
    base = results[yardstick].median
    print(f'\n{title} (median of {rounds}; 1.00 = {yardstick})\n')
    print('| what | ratio | peak memory | goal |')
    print('| --- | ---: | ---: | --- |')
    for name, result in results.items():
        print(f'| {name} | {result.median / base:.2f} | {result.peak / 1024:.0f} MiB | {goals.get(name, "")} |')
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--gib', type=float, default=2.0, help='size of the large checkpoint')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--work', type=Path, default=ROOT / 'bench' / '.work', help='where the files go; needs four times the size')
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    large, small = options.work / 'large.pt', options.work / 'small.pt'
    try:
        make_checkpoint(large, int(options.gib * 2**30), 181)
        make_checkpoint(small, 2**20, 20)
        run_all(large, small, options.work, options.rounds, options.gib)
        run_opening(options.work, options.rounds)
    finally:
        shutil.rmtree(options.work, ignore_errors=True)


def run_all(large: Path, small: Path, work: Path, rounds: int, gib: float) -> None:
    copy, weights, archive = work / 'copy.pt', work / 'out.safetensors', work / 'out.torsh'
    durable_copy = ['sh', '-c', 'cp "$0" "$1" && sync "$1"', str(large), str(copy)]
    plain = [sys.executable, '-c', PLAIN, str(large), str(weights)]
    mmap = [sys.executable, '-c', MMAP, str(large), str(weights)]
    warm = series(
        f'{gib:g} GiB, source in the page cache, nothing waits for the disk',
        large,
        {
            'cp': (['cp', str(large), str(copy)], copy),
            'torsh .pt → .safetensors': (torsh(large, weights, '--no-fsync'), weights),
            'torsh .pt → .torsh': (torsh(large, archive, '--no-fsync'), archive),
            'Python: torch.load + save_file': (plain, weights),
            'Python: torch.load(mmap=True) + save_file': (mmap, weights),
        },
        rounds,
        cold=False,
        goals={'torsh .pt → .safetensors': '≤ 1.5', 'torsh .pt → .torsh': '≤ 2.3'},
    )
    ours = warm['torsh .pt → .safetensors'].median
    print(f'\nPython plain / torsh = {warm["Python: torch.load + save_file"].median / ours:.1f} (goal ≥ 3)')
    print(f'Python mmap / torsh = {warm["Python: torch.load(mmap=True) + save_file"].median / ours:.1f} (goal ≥ 1.8)')
    run_legacy(large, weights, archive, rounds, gib)
    for title, cold in (('source in the page cache, result on the disk (fsync)', False), ('source on the disk, result on the disk (fsync)', True)):
        series(
            f'{gib:g} GiB, {title}',
            large,
            {
                'cp && sync': (durable_copy, copy),
                'torsh .pt → .safetensors': (torsh(large, weights), weights),
                'torsh .pt → .torsh': (torsh(large, archive), archive),
            },
            rounds,
            cold,
            goals={'torsh .pt → .torsh': '≤ 1.0'} if cold else {},
        )
    series(
        '1 MiB, end to end with start-up',
        small,
        {
            'torsh .pt → .safetensors': (torsh(small, weights), weights),
            'torsh .pt → .torsh': (torsh(small, archive), archive),
            'Python: torch.load + save_file': ([sys.executable, '-c', PLAIN, str(small), str(weights)], weights),
        },
        rounds,
        cold=False,
        goals={'Python: torch.load + save_file': '≥ 10'},
    )


def run_legacy(modern: Path, weights: Path, archive: Path, rounds: int, gib: float) -> None:
    """The same weights as a file from before torch 1.6: nothing about it may be slower than about a ZIP."""
    legacy = modern.with_name('legacy.pt')
    make_checkpoint(legacy, int(gib * 2**30), 181, legacy=True)
    for target in (weights, archive):
        rows = {f'torsh {name} → {target.suffix}': (torsh(source, target, '--no-fsync'), target) for name, source in (('ZIP', modern), ('legacy', legacy))}
        touch(legacy)
        series(f'{gib:g} GiB, a file of the old torch.save', modern, rows, rounds, cold=False, goals={f'torsh legacy → {target.suffix}': '≤ 1.2'})
    legacy.unlink()


OPEN = """
import sys, time, torch
start = time.perf_counter()
state = torch.load(sys.argv[1], weights_only=True, mmap=True)
assert len(state) > 0
print(time.perf_counter() - start)
"""

MANY = """
import sys, torch
path, count = sys.argv[1], int(sys.argv[2])
torch.save({f'layers.{i // 10}.block.{i % 10}.weight': torch.full((4,), float(i)) for i in range(count)}, path)
"""


def measure_inside(command: list[str]) -> tuple[float, int]:
    """What a process says of its own time, without its start, and its peak memory in KiB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding='utf-8')
    seconds = float(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f'{command} failed')
    return seconds, usage.ru_maxrss


def run_opening(work: Path, rounds: int) -> None:
    """Opening alone: modules are loaded, the clock starts, and ends when all names, types and shapes are known."""
    for count in (20_000, 200_000):
        many = work / 'many.pt'
        subprocess.run([sys.executable, '-c', MANY, str(many), str(count)], check=True)
        commands = {
            'torsh open': ['node', str(ROOT / 'bench' / 'open.mjs'), str(many)],
            'Python: torch.load(weights_only=True, mmap=True)': [sys.executable, '-c', OPEN, str(many)],
        }
        results = {name: Measured() for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                seconds, peak = measure_inside(command)
                results[name].seconds.append(seconds)
                results[name].peak = max(results[name].peak, peak)
        goals = ['' if count < 200_000 else 'below 572 MiB (600 MB)', '≥ 3']
        print_table(f'{count:,} tensors of 16 bytes, opened', results, dict(zip(results, goals)), rounds)
        many.unlink()


if __name__ == '__main__':
    main()
