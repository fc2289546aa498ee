"""Runs the command line as a user does, and knows its contract: exit codes, and what an error must look like."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / 'apps' / 'cli' / 'dist' / 'main.js'

# Exit codes.
DONE, REFUSED, USAGE, BAD_FILE, UNSAFE, LIMIT, WORLD = range(7)


def command(*arguments: object) -> list[str]:
    return ['node', str(MAIN), *map(str, arguments)]


def run(*arguments: object, timeout: float = 60, **options) -> subprocess.CompletedProcess:
    return subprocess.run(command(*arguments), capture_output=True, encoding='utf-8', timeout=timeout, **options)


def succeed(*arguments: object, **options) -> str:
    """Standard output of a run that must succeed."""
    result = run(*arguments, **options)
    assert result.returncode == DONE, f'{arguments}: exit code {result.returncode}\n{result.stdout}{result.stderr}'
    return result.stdout


def inspect(path: Path) -> dict:
    """The JSON document of `inspect`, with digests."""
    return json.loads(succeed('inspect', '--json', '--digests', path))


def fail(code: int | set[int], *arguments: object, names: Path | str, **options) -> str:
    """Standard error of a run that must fail with the given code, and say why to a person, naming the file."""
    result = run(*arguments, **options)
    said = result.stderr
    codes = {code} if isinstance(code, int) else code
    assert result.returncode in codes, f'exit code {result.returncode}, not {codes}\n{result.stdout}{said}'
    assert Path(names).name in said, f'does not name the file: {said}'
    assert not re.search(r'^\s+at ', said, re.MULTILINE), f'a stack: {said}'
    assert not re.search(
        r'Traceback|node:internal|Unhandled|TorshError|(Type|Range|Reference)Error|undefined|\[object', said
    ), said
    lines = said.strip().splitlines()
    assert 1 <= len(lines) <= 4 and len(said) < 1000, f'not one clear sentence: {said}'
    return said


def digest(path: Path) -> str:
    with path.open('rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()
