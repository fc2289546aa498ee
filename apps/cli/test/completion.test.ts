import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands } from '../src/commands.ts';
import { run } from '../src/run.ts';
import { testWorld } from './terminal.ts';

async function scriptFor(shell: string): Promise<string> {
  const world = testWorld();
  expect(await run(['completion', shell], world)).toBe(0);
  return world.stdout.text();
}

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

test.each(['bash', 'zsh', 'fish'])('%s knows every command, option and format', async (shell) => {
  const script = await scriptFor(shell);
  for (const { name, options } of commands) {
    expect(script).toContain(name);
    for (const option of Object.keys(options)) {
      expect(script).toContain(shell === 'fish' ? `-l ${option}` : `--${option}`);
    }
  }
  for (const word of ['safetensors', 'torch-save', 'headerBytes=']) expect(script).toContain(word);
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test.skipIf(!has(shell))(`${shell} can read its script`, async () => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: await scriptFor(shell), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
}

test.skipIf(!has('bash'))('bash completes commands, options, formats and limits', async () => {
  const script = await scriptFor('bash');
  const complete = (...words: string[]) => {
    const list = words.map((word) => `'${word}'`).join(' ');
    const input = `${script}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _torsh; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', { input, encoding: 'utf8' }).stdout.trim().split('\n');
  };
  expect(complete('torsh', 'con')).toEqual(['convert']);
  expect(complete('torsh', 'help', 'in')).toEqual(['inspect']);
  expect(complete('torsh', 'convert', 'a.pt', '--allow')).toEqual(['--allow-loss']);
  expect(complete('torsh', 'convert', 'a.pt', '--to', 'safe')).toEqual(['safetensors']);
  expect(complete('torsh', 'convert', 'a.pt', 'to', 'torsh')).toEqual(['torsh', 'torshpkg']);
  expect(complete('torsh', 'inspect', 'a.pt', '--limit', 'de')).toEqual(['depth=']);
  expect(complete('torsh', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
});
