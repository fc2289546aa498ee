import { isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import {
  formatRequirement,
  parseRequirement,
  parseVersion,
  type RequirementDialect,
  satisfies,
} from '../../../src/package/version/index.ts';

const refused = (text: string, dialect?: RequirementDialect) => {
  try {
    parseRequirement(text, { dialect });
  } catch (error) {
    return isTorshError(error) ? error.code : error;
  }
  return 'taken';
};

describe('requirements', () => {
  it.each<[requirement: string, yes: string, no: string]>([
    ['>=1.0.0,<2.0.0', '1.0.0 1.2.3 1.99.0', '0.9.9 2.0.0 2.0.0-rc.1 1.5.0-beta'],
    ['>=1.0.0 <2.0.0', '1.0.0 1.2.3', '2.0.0'],
    ['>= 1.0.0 , < 2.0.0', '1.0.0 1.2.3', '2.0.0'],
    ['>=1<2', '1.0.0 1.9.0', '2.0.0 2.0.0-0'],
    ['^1.2.3', '1.2.3 1.9.0', '1.2.2 2.0.0 1.2.3-alpha 2.0.0-0'],
    ['^0.1.0', '0.1.0 0.1.9', '0.2.0 0.9.0'],
    ['^0.0.1', '0.0.1', '0.0.2 0.5.7'],
    ['~1.2.3', '1.2.3 1.2.99', '1.3.0'],
    ['~1', '1.0.0 1.9.9', '2.0.0'],
    ['1.2.3', '1.2.3 1.2.3+build', '1.2.4 1.2.3-rc'],
    ['=1.2.3', '1.2.3', '1.2.4'],
    ['1.2', '1.2.0 1.2.7', '1.3.0'],
    ['1.x || 3.*', '1.0.0 3.9.0', '2.0.0'],
    ['1.2.3 - 2.3', '1.2.3 2.3.9', '2.4.0'],
    ['*', '0.0.0 9.9.9', '1.0.0-rc'],
    ['', '0.0.0', '1.0.0-rc'],
    ['>1.2', '1.3.0', '1.2.9'],
    ['<=1.2', '1.2.9', '1.3.0'],
    ['>=1.0.0-rc.1', '1.0.0-rc.1 1.0.0-rc.2 1.0.0', '1.0.0-beta 1.0.1-rc.1'],
    ['>=1.0.0-alpha.9', '1.0.0-alpha.10', '1.0.0-alpha.1 1.0.0-1'],
  ])('%s', (requirement, yes, no) => {
    for (const version of yes.split(' ')) expect(satisfies(version, requirement), version).toBe(true);
    for (const version of no.split(' ')) expect(satisfies(version, requirement), version).toBe(false);
  });

  it('Cargo reads a bare version as a caret, and needs commas', () => {
    const cargo = (text: string) => formatRequirement(parseRequirement(text, { dialect: 'cargo' }));
    expect(cargo('1.2.3')).toBe('>=1.2.3 <2.0.0-0');
    expect(cargo('1.2')).toBe('>=1.2.0 <2.0.0-0');
    expect(cargo('0.1')).toBe('>=0.1.0 <0.2.0-0');
    expect(cargo('0')).toBe('>=0.0.0 <1.0.0-0');
    expect(cargo('1.*')).toBe('>=1.0.0 <2.0.0-0');
    expect(cargo('=1.2.3')).toBe('1.2.3');
    expect(cargo('>=1.2.3, <1.5')).toBe('>=1.2.3 <1.5.0-0');
    expect(cargo('*')).toBe('*');
    for (const text of ['', '>=1.0.0 <2.0.0', '1.0.0 || 2.0.0', '1.0.0 - 2.0.0']) {
      expect(refused(text, 'cargo'), text).toBe('malformed');
    }
    expect(refused('>=1.0.0,<2.0.0', 'npm')).toBe('malformed');
  });

  it.each([
    'one',
    '>=',
    '>=1.0.0,',
    ',1.0.0',
    '>=1.0.0,,<2',
    '1.2.3.4',
    '01.0.0',
    '==1.0.0',
    '!=1.0.0',
    '1.2-rc',
    '1.x.2',
    '1.0.0|2.0.0',
    '>>1',
    '^^1',
    '1.0.0 -2.0.0',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-01',
    '9007199254740992',
    '1\u0000',
  ])('refuses %j', (text) => {
    expect(refused(text)).toBe('malformed');
  });

  it('bounds its work', () => {
    expect(refused('1||'.repeat(1000))).toBe('limit');
    expect(() => parseVersion('1'.repeat(2000))).toThrow(expect.objectContaining({ code: 'limit' }));
    const many = '1||'.repeat(340);
    expect(satisfies('2.0.0', parseRequirement(many))).toBe(true);
    expect(satisfies('2.0.0', parseRequirement(`${many}1`))).toBe(false);
  });
});
