// Made by fixtures/generate/module_names.py.

/** The modules inside of packages of the standard library of Python 3.11. */
export const LIBRARY_MODULES: string = `
asyncio: base_events base_futures base_subprocess base_tasks constants coroutines events exceptions
  format_helpers futures locks log mixins proactor_events protocols queues runners selector_events sslproto
  staggered streams subprocess taskgroups tasks threads timeouts transports trsock unix_events windows_events
  windows_utils
collections: abc
concurrent: futures
concurrent.futures: _base process thread
ctypes: _aix _endian macholib util wintypes
ctypes.macholib: dyld dylib framework
curses: ascii has_key panel textpad
dbm: dumb gnu ndbm
email: _encoded_words _header_value_parser _parseaddr _policybase base64mime charset contentmanager encoders
  errors feedparser generator header headerregistry iterators message mime parser policy quoprimime utils
email.mime: application audio base image message multipart nonmultipart text
encodings: aliases ascii base64_codec big5 big5hkscs bz2_codec charmap cp037 cp1006 cp1026 cp1125 cp1140
  cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp273 cp424 cp437 cp500 cp720 cp737 cp775
  cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp875 cp932 cp949
  cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk hex_codec hp_roman8 hz idna iso2022_jp
  iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr iso8859_1 iso8859_10
  iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6
  iso8859_7 iso8859_8 iso8859_9 johab koi8_r koi8_t koi8_u kz1048 latin_1 mac_arabic mac_croatian mac_cyrillic
  mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian mac_turkish mbcs oem palmos ptcp154
  punycode quopri_codec raw_unicode_escape rot_13 shift_jis shift_jis_2004 shift_jisx0213 tis_620 undefined
  unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8 utf_8_sig uu_codec
  zlib_codec
ensurepip: _uninstall
html: entities parser
http: client cookiejar cookies server
importlib: _abc _bootstrap _bootstrap_external abc machinery metadata readers resources simple util
importlib.metadata: _adapters _collections _functools _itertools _meta _text
importlib.resources: _adapters _common _itertools _legacy abc readers simple
json: decoder encoder scanner tool
logging: config handlers
multiprocessing: connection context dummy forkserver heap managers pool popen_fork popen_forkserver
  popen_spawn_posix popen_spawn_win32 process queues reduction resource_sharer resource_tracker shared_memory
  sharedctypes spawn synchronize util
multiprocessing.dummy: connection
os: path
re: _casefix _compiler _constants _parser
sqlite3: dbapi2 dump
tkinter: colorchooser commondialog constants dialog dnd filedialog font messagebox scrolledtext simpledialog
  tix ttk
tomllib: _parser _re _types
unittest: _log async_case case loader main mock result runner signals suite util
urllib: error parse request response robotparser
wsgiref: handlers headers simple_server types util validate
xml: dom etree parsers sax
xml.dom: NodeFilter domreg expatbuilder minicompat minidom pulldom xmlbuilder
xml.etree: ElementInclude ElementPath ElementTree cElementTree
xml.parsers: expat
xml.sax: _exceptions expatreader handler saxutils xmlreader
xmlrpc: client server
zoneinfo: _common _tzpath _zoneinfo
`;
