/** The servers that were asked, by what they compare. */
export const ACCENTS_COUNT = [
  'postgresql-icu-level2',
  'postgresql-libc-lower',
  'postgresql-libc-lower-turkish',
  'mariadb-uca1400_as_ci',
  'openldap-case-ignore-match',
] as const;

export const ACCENTS_DO_NOT_COUNT = [
  'postgresql-icu-level1',
  'mariadb-uca1400_ai_ci',
  'mariadb-utf8mb4_unicode_520_ci',
  'mariadb-utf8mb4_unicode_ci',
  'mariadb-utf8mb4_general_ci',
] as const;
