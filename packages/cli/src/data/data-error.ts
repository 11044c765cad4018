// What is thrown where a file of data cannot be used. Knows no file: tables are read in a page as well.

/** A file of data that cannot be used; the message names the file, and the line or byte. */
export class DataError extends Error {
  override readonly name = "DataError";
}
