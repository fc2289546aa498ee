/** Signatures, sizes and magic numbers of ZIP, from APPNOTE 6.3.10. */

export const LOCAL_HEADER = 0x04034b50;
export const DESCRIPTOR = 0x08074b50;
export const CENTRAL_HEADER = 0x02014b50;
export const END = 0x06054b50;
export const END64 = 0x06064b50;
export const LOCATOR64 = 0x07064b50;

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56;
export const LOCATOR64_BYTES = 20;
export const MAX_COMMENT_BYTES = 0xffff;

export const ZIP64_EXTRA = 0x0001;
export const UNICODE_PATH_EXTRA = 0x7075;
/** The registered extra field for alignment: a u16 boundary, then zeros. */
export const ALIGNMENT_EXTRA = 0xd935;

/** Values that mean "look into the ZIP64 field". */
export const MAX16 = 0xffff;
export const MAX32 = 0xffffffff;

export const STORED = 0;
export const DEFLATED = 8;

export const FLAG_ENCRYPTED: number = 1 << 0;
export const FLAG_DESCRIPTOR: number = 1 << 3;
export const FLAG_PATCH: number = 1 << 5;
export const FLAG_STRONG_ENCRYPTION: number = 1 << 6;
export const FLAG_UTF8: number = 1 << 11;
export const FLAG_MASKED: number = 1 << 13;
/** Deflate hints, descriptor, UTF-8: all that an honest entry may have. */
export const ALLOWED_FLAGS: number = (1 << 1) | (1 << 2) | FLAG_DESCRIPTOR | FLAG_UTF8;

/** The kind of file in the upper half of the attributes, as Unix writes it. */
export const UNIX_KIND = 0xf000;
export const UNIX_FILE = 0x8000;
export const UNIX_FOLDER = 0x4000;
export const UNIX_LINK = 0xa000;
