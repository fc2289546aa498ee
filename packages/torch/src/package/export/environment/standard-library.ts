/** The standard library of Python 3.11, by the names under which it is imported. */
const PYTHON_3_11 = `
__future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs _codecs_cn
_codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc _compat_pickle
_compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal _elementtree
_frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _imp _io _json _locale _lsprof
_lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _operator _osx_support _overlapped
_pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio _queue _random _scproxy _sha1 _sha256 _sha3
_sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct
_symtable _thread _threading_local _tkinter _tokenize _tracemalloc _typing _uuid _warnings _weakref
_weakrefset _winapi _zoneinfo abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit
audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs
codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv
ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum
errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass
gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io
ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math
mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers
opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl
stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile
telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace
traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings
wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`;

/** What a version of Python has and the one before lacks, and the other way round. */
interface Change {
  readonly minor: number;
  readonly added: string;
  readonly removed: string;
}

const CHANGES: readonly Change[] = [
  { minor: 11, added: '_tokenize _typing tomllib', removed: 'binhex' },
  {
    minor: 12,
    added: '_pydatetime _pylong _sha2',
    removed: '_bootsubprocess _sha256 _sha512 asynchat asyncore distutils imp smtpd',
  },
  {
    minor: 13,
    added:
      '_android_support _colorize _interpchannels _interpqueues _interpreters _ios_support _opcode_metadata _pyrepl _suggestions _sysconfig _wmi',
    removed:
      '_crypt _msi aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib',
  },
];

/** The names of the standard library in a version of Python 3; before 3.10 and after 3.13 those of the nearest one known. */
export function standardLibrary(version: string): ReadonlySet<string> {
  const minor = Number(/^3\.(\d+)/.exec(version)?.[1] ?? 11);
  const names = new Set(wordsOf(PYTHON_3_11));
  const change = (added: string, removed: string): void => {
    for (const name of wordsOf(added)) names.add(name);
    for (const name of wordsOf(removed)) names.delete(name);
  };
  for (const each of CHANGES) {
    if (each.minor > 11 && each.minor <= minor) change(each.added, each.removed);
    if (each.minor === 11 && minor < 11) change(each.removed, each.added);
  }
  return names;
}

function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}
