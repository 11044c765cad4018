// Texts that are dates or times of day, as far as they are told by their look.

/**
 * 2024-01-31, 2024/1/31, 31.01.2024, 1/31/24, with a time behind or not; 31-Jan-2024, Jan 31, 2024; 12:30, 12:30:05.
 */
const DATES: readonly RegExp[] = [
  /^\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([T ]\d{1,2}:\d{2}.*)?$/,
  /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([T ,]+\d{1,2}:\d{2}.*)?$/,
  /^\d{1,2}[-. ]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-., ]*\d{2,4}\b/i,
  /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}\b/i,
  /^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?$/i,
];

export const isDate = (cell: string): boolean => DATES.some((date) => date.test(cell));
