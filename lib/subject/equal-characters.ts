export const UNICODE_VERSION = '';
export const EQUAL = '';
export const EQUAL_WITHOUT_ACCENTS = '';
