#!/usr/bin/env node
import module from 'node:module';
import { worldOf } from './process.ts';

// Code that was compiled once is not compiled again (Node 22 and later).
(module as { enableCompileCache?(): unknown }).enableCompileCache?.();

const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2), worldOf(process));
