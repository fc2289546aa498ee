/** What the survey of a file must show: names that torsh does not know, a status, a remark; or that `open` refuses it. */
type Shows = 'names' | 'partial' | 'note' | 'refused' | 'nothing' | 'program';

/** One known way to slip something past a reader of pickles or of PyTorch's files, and the files that try it. */
export interface Row {
  readonly id: string;
  readonly technique: string;
  /** In `fixtures/scan-cases` or `fixtures/bypass`. */
  readonly files: readonly (readonly [name: string, ...shows: Shows[]])[];
}

export const rows: readonly Row[] = [
  {
    id: 'PKL-01',
    technique: 'GLOBAL and REDUCE, in every protocol',
    files: [
      ...[0, 1, 2, 3, 4, 5].map((protocol) => [`pkl-01-protocol-${protocol}.pkl`, 'names'] as const),
      ['pkl-01-names.pkl', 'names'],
    ],
  },
  { id: 'PKL-02', technique: 'INST in the place of GLOBAL', files: [['inst.pkl', 'names']] },
  {
    id: 'PKL-03',
    technique: 'OBJ, and a result that is thrown away',
    files: [
      ['obj.pkl', 'names'],
      ['pkl-03-obj-popped.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-04',
    technique: 'NEWOBJ and NEWOBJ_EX in the place of REDUCE',
    files: [
      ['newobj_ex.pkl', 'names'],
      ['pkl-04-newobj.pkl', 'nothing'],
    ],
  },
  {
    id: 'PKL-05',
    technique: 'Names through the memo, with decoys',
    files: [
      ['pkl-05-decoys.pkl', 'names'],
      ['dup_string_stack_global.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-06',
    technique: 'STACK_GLOBAL as the third opcode, on STRING operands',
    files: [['pkl-06-third-opcode.pkl', 'names']],
  },
  {
    id: 'PKL-07',
    technique: 'A memo slot that is empty, after the call',
    files: [['pkl-07-memo-missing.pkl', 'names', 'partial']],
  },
  {
    id: 'PKL-08',
    technique: 'A number as a module, after the call',
    files: [['pkl-08-module-is-number.pkl', 'names', 'partial']],
  },
  { id: 'PKL-09', technique: 'A memo slot that is overwritten', files: [['memo_overwrite.pkl', 'names']] },
  {
    id: 'PKL-10',
    technique: 'Names that are made while the pickle runs',
    files: [['stack_global_reduce_built.pkl', 'names']],
  },
  {
    id: 'PKL-11',
    technique: 'Names in escapes and in long texts',
    files: [
      ['binunicode8.pkl', 'names'],
      ['string_escape.pkl', 'names'],
      ['unicode_escape.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-12',
    technique: 'A dotted name that leads through another module',
    files: [['global_with_dotted_attr.pkl', 'names']],
  },
  {
    id: 'PKL-13',
    technique: 'Attributes of attributes',
    files: [
      ['module_builtins_attr.pkl', 'names'],
      ['pkl-13-call-of-call.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-14',
    technique: 'BUILD that sets attributes of what was imported',
    files: [['build_slotstate_setattr.pkl', 'names']],
  },
  { id: 'PKL-15', technique: 'A module below a listed one', files: [['pkl-15-submodule.pkl', 'names']] },
  {
    id: 'PKL-16',
    technique: 'getattr, attrgetter, partial, map',
    files: [['pkl-16-indirect.pkl', 'names']],
  },
  {
    id: 'PKL-17',
    technique: 'Functions that import by a text',
    files: [
      ['importlib.pkl', 'names'],
      ['pkl-17-resolvers.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-18',
    technique: 'Parts of the standard library that run things',
    files: [['pkl-18-standard-library.pkl', 'names']],
  },
  {
    id: 'PKL-19',
    technique: 'Parts of torch and NumPy that run things',
    files: [['pkl-19-libraries.pkl', 'names']],
  },
  { id: 'PKL-20', technique: 'Code objects', files: [['pkl-20-code.pkl', 'names']] },
  {
    id: 'PKL-21',
    technique: 'A pickle inside a pickle',
    files: [
      ['load_from_bytes_nested.pkl', 'names', 'partial'],
      ['pkl-21-loads.pkl', 'names'],
      ['pkl-21-loads-protocol-0.pkl', 'names'],
      ['pkl-21-loads-twice.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-22',
    technique: 'Files and network only',
    files: [['pkl-22-files-and-network.pkl', 'names']],
  },
  { id: 'PKL-23', technique: 'Native libraries', files: [['pkl-23-native.pkl', 'names']] },
  { id: 'PKL-24', technique: 'Names that turn scanners off', files: [['pkl-24-scanners.pkl', 'names']] },
  {
    id: 'PKL-25',
    technique: 'Names of Python 2, which Python 3 maps',
    files: [
      ['py2_mapping.pkl', 'names'],
      ['fix_imports.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-26',
    technique: 'Lines that end in CR LF',
    files: [['proto0_crlf.pkl', 'names', 'note']],
  },
  {
    id: 'PKL-27',
    technique: 'White space in the line of a module',
    files: [['comment_in_module.pkl', 'names', 'note']],
  },
  {
    id: 'PKL-28',
    technique: 'Codes of the extension registry',
    files: [
      ['ext1.pkl', 'names'],
      ['pkl-28-ext2.pkl', 'names'],
      ['pkl-28-ext4.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-29',
    technique: 'Persistent ids that are no storages',
    files: [
      ['persid_text.pkl', 'note'],
      ['pkl-29-module-id.pkl', 'names', 'note'],
    ],
  },
  {
    id: 'PKL-30',
    technique: 'A stream that breaks behind the call',
    files: [
      ['invalid_opcode_after_reduce.pkl', 'names', 'partial'],
      ['no_stop_truncated.pkl', 'names', 'partial'],
    ],
  },
  {
    id: 'PKL-31',
    technique: 'A second pickle, also behind bytes that are none',
    files: [
      ['after_stop.pkl', 'names', 'note'],
      ['after_stop_junk.pkl', 'names', 'partial'],
    ],
  },
  {
    id: 'PKL-32',
    technique: 'A frame that ends inside an opcode: CPython reads from a file what others do not see',
    files: [['frame_hidden_global.pkl', 'names', 'partial', 'note']],
  },
  {
    id: 'PKL-33',
    technique: 'Frames that are too long, too short, or in each other',
    files: [
      ['frame_short.pkl', 'partial', 'note'],
      ['pkl-33-frame-past-end.pkl', 'names', 'partial', 'note'],
      ['pkl-33-frame-in-frame.pkl', 'names', 'note'],
    ],
  },
  {
    id: 'PKL-34',
    technique: 'Numbers that only CPython reads',
    files: [['int_hex_differential.pkl', 'names', 'note']],
  },
  {
    id: 'PKL-35',
    technique: 'The protocol stated twice, late, or too high',
    files: [
      ['pkl-35-protocol-twice.pkl', 'names', 'note'],
      ['pkl-35-protocol-6.pkl', 'partial'],
    ],
  },
  {
    id: 'PKL-36',
    technique: 'Small pickles that want much memory, time or depth',
    files: [
      ['binput_huge.pkl', 'nothing'],
      ['huge_long4.pkl', 'partial'],
      ['readonly_buffer_next.pkl', 'partial'],
      ['pkl-36-bytes-8.pkl', 'names', 'partial'],
      ['pkl-36-doubling.pkl', 'names'],
      ['pkl-36-billion.pkl', 'names'],
      ['pkl-36-deep.pkl', 'names'],
      ['pkl-36-cycle.pkl', 'names'],
    ],
  },
  {
    id: 'PKL-37',
    technique: 'Keys that are containers, sets in sets, half an entry',
    files: [
      ['pkl-37-list-as-key.pkl', 'names', 'partial'],
      ['pkl-37-set-in-set.pkl', 'names', 'partial'],
      ['pkl-37-odd-setitems.pkl', 'names', 'partial'],
    ],
  },
  {
    id: 'PKL-38',
    technique: 'Calls inside of calls that are allowed',
    files: [
      ['defaultdict_factory.pkl', 'names'],
      ['pkl-38-rebuild-from-type.pkl', 'names'],
      ['pkl-38-reconstructor.pkl', 'nothing'],
      ['build_setstate_dict.pkl', 'nothing'],
    ],
  },
  {
    id: 'PKL-39',
    technique: 'A class of any module whose name ends in Storage',
    files: [['storage_suffix_global.pkl', 'names']],
  },
  {
    id: 'PKL-40',
    technique: 'A pickle as text, with the calls that decode it; without them it is data',
    files: [
      ['pkl-40-base64.pkl', 'names'],
      ['pkl-40-hex.pkl', 'names'],
      ['pkl-40-data-only.pkl', 'nothing'],
    ],
  },
  {
    id: 'TOR-01',
    technique: 'A payload in the fourth pickle of a legacy stream, or behind it',
    files: [
      ['legacy_payload_4th_pickle.pt', 'names'],
      ['legacy_payload_6th_pickle.pt', 'names', 'note'],
      ['legacy_payload_7th_pickle.pt', 'names', 'note'],
    ],
  },
  {
    id: 'TOR-02',
    technique: 'The magic number of a legacy stream as the result of a call',
    files: [['tor-02-magic-from-eval.pt', 'names']],
  },
  {
    id: 'TOR-03',
    technique: 'The tar of torch 0.1, whose members are pickles',
    files: [
      ['legacy_tar.pt', 'names'],
      ['tor-03-storages.pt', 'names'],
    ],
  },
  {
    id: 'TOR-04',
    technique: 'Something else under the name of a model',
    files: [['tor-04-picture.pt', 'refused']],
  },
  {
    id: 'TOR-05',
    technique: 'A plain pickle under the name of a model',
    files: [
      ['tor-05-plain-pickle.bin', 'names'],
      ['payload.weights', 'names'],
      ['payload_as.safetensors', 'names'],
    ],
  },
  {
    id: 'TOR-06',
    technique: 'Pickles under other names, or none',
    files: [
      ['tor-06-other-ending.zip', 'names'],
      ['pkl_without_ext_in_zip.pt', 'names'],
      ['payload.PKL', 'names'],
    ],
  },
  {
    id: 'TOR-07',
    technique: 'A record whose name differs in case only',
    files: [['uppercase_DATA_PKL_last.pt', 'refused', 'names']],
  },
  {
    id: 'TOR-08',
    technique: 'Two records of one name',
    files: [
      ['dup_data_pkl_first.pt', 'refused', 'names'],
      ['dup_data_pkl_last.pt', 'refused', 'names'],
    ],
  },
  {
    id: 'TOR-09',
    technique: 'Two top folders, or none',
    files: [
      ['tor-09-two-folders.pt', 'refused', 'names'],
      ['tor-09-no-folder.pt', 'refused', 'names'],
    ],
  },
  {
    id: 'TOR-10',
    technique: 'TorchScript: code in a model file',
    files: [['tor-10-torchscript.pt', 'names', 'program']],
  },
  {
    id: 'TOR-11',
    technique: 'Views that leave their storage, storages that are too short',
    files: [
      ['tor-11-short-storage.pt', 'refused'],
      ['tor-11-out-of-range.pt', 'refused'],
      ['tor-11-stride.pt', 'refused'],
      ['tor-11-negative.pt', 'refused'],
    ],
  },
  {
    id: 'TOR-12',
    technique: 'Archives of model servers: programs and models in one ZIP',
    files: [
      ['tor-12-archive-of-a-server.mar', 'names', 'program'],
      ['nested_pt_in_zip.zip', 'names'],
      ['nested_zip.zip', 'names'],
    ],
  },
];
