// Python 2 and Python 3 have different names for the same things. Pickles of protocols 0 to 2 have the old names, even
// where Python 3 writes them: its `pickle` maps them on the way (`_compat_pickle`). The tables are its, without
// graphical toolkits, web servers and databases.

type Name = readonly [module: string, name: string];

/** Modules that were only renamed: new name, old name. */
const modules: readonly Name[] = [
  ['builtins', '__builtin__'],
  ['copyreg', 'copy_reg'],
  ['queue', 'Queue'],
  ['configparser', 'ConfigParser'],
  ['reprlib', 'repr'],
  ['_thread', 'thread'],
  ['collections.abc', '_abcoll'],
  ['subprocess', 'commands'],
  ['urllib.parse', 'urlparse'],
  ['urllib.request', 'urllib2'],
  ['http.client', 'httplib'],
  ['_functools', 'functools'],
  ['_pickle', 'pickle'],
];

/** Things that moved or were renamed by themselves: new module and name, old module and name. */
const things: readonly (readonly [Name, Name])[] = [
  [
    ['builtins', 'range'],
    ['__builtin__', 'xrange'],
  ],
  [
    ['functools', 'reduce'],
    ['__builtin__', 'reduce'],
  ],
  [
    ['_functools', 'reduce'],
    ['__builtin__', 'reduce'],
  ],
  [
    ['sys', 'intern'],
    ['__builtin__', 'intern'],
  ],
  [
    ['builtins', 'chr'],
    ['__builtin__', 'unichr'],
  ],
  [
    ['builtins', 'str'],
    ['__builtin__', 'unicode'],
  ],
  [
    ['builtins', 'int'],
    ['__builtin__', 'long'],
  ],
  [
    ['builtins', 'zip'],
    ['itertools', 'izip'],
  ],
  [
    ['builtins', 'map'],
    ['itertools', 'imap'],
  ],
  [
    ['builtins', 'filter'],
    ['itertools', 'ifilter'],
  ],
  [
    ['itertools', 'filterfalse'],
    ['itertools', 'ifilterfalse'],
  ],
  [
    ['itertools', 'zip_longest'],
    ['itertools', 'izip_longest'],
  ],
  [
    ['collections', 'UserDict'],
    ['UserDict', 'IterableUserDict'],
  ],
  [
    ['collections', 'UserList'],
    ['UserList', 'UserList'],
  ],
  [
    ['collections', 'UserString'],
    ['UserString', 'UserString'],
  ],
  [
    ['socket', 'fromfd'],
    ['_socket', 'fromfd'],
  ],
];

/** Exceptions of Python 2: their module is no more, their names stayed. */
const EXCEPTION =
  /^(?:Base|Arithmetic|Assertion|Attribute|Buffer|EOF|Environment|FloatingPoint|IO|Import|Indentation|Index|Key|Lookup|Memory|Name|NotImplemented|OS|Overflow|Reference|Runtime|Syntax|System|Tab|Type|UnboundLocal|UnicodeDecode|UnicodeEncode|UnicodeTranslate|Unicode|Value|ZeroDivision)?(?:Error|Exception)$|^(?:GeneratorExit|KeyboardInterrupt|StopIteration|SystemExit|(?:Bytes|Deprecation|Future|Import|PendingDeprecation|Runtime|Syntax|Unicode|User)?Warning)$/;

const oldModules: ReadonlyMap<string, string> = new Map(modules);
const oldThings: ReadonlyMap<string, Name> = new Map(things.map(([now, then]) => [now.join('\n'), then]));
const newThings: ReadonlyMap<string, Name> = new Map(
  things.filter(([now]) => now[0] !== '_functools').map(([now, then]) => [then.join('\n'), now]),
);

/** The name that a pickle of protocol 0 to 2 has for a thing of Python 3. */
export function oldName(module: string, name: string): Name {
  const thing = oldThings.get(`${module}\n${name}`);
  if (thing !== undefined) return thing;
  if (module === 'builtins' && EXCEPTION.test(name)) return ['exceptions', name];
  return [oldModules.get(module) ?? module, name];
}

/**
 * The name in Python 3 of what Python 2 has in `__builtin__`, `copy_reg` or `exceptions`: the modules that cannot be
 * anything else. Other names stay, since a module of the author may well be called `Queue` or `commands`.
 */
export function newName(module: string, name: string): Name {
  if (module === '__builtin__') {
    if (name === 'basestring') return ['builtins', 'str'];
    return newThings.get(`${module}\n${name}`) ?? ['builtins', name];
  }
  if (module === 'copy_reg') return ['copyreg', name];
  if (module === 'exceptions') return ['builtins', name === 'StandardError' ? 'Exception' : name];
  return [module, name];
}

const importedModules: ReadonlyMap<string, string> = new Map([
  ...modules
    .filter(([now]) => !now.startsWith('_') || now === '_thread')
    .map(([now, then]) => [then, now] as const),
  ['cPickle', 'pickle'],
  ['StringIO', 'io'],
  ['cStringIO', 'io'],
  ['thread', '_thread'],
]);

/** What Python 3 would import for a name in a pickle of protocol 0 to 2: the name that matters to whoever fears it. */
export function importedName(module: string, name: string): Name {
  return (
    newThings.get(`${module}\n${name}`) ?? [importedModules.get(module) ?? newName(module, name)[0], name]
  );
}
