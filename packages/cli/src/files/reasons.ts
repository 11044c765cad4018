// What the system says of files that cannot be read or written, in words. Knows no command.

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAGAIN: "it does not take more at the moment",
  EBADF: "it is not open",
  EBUSY: "it is in use",
  ECONNRESET: "the other end is closed",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would become larger than files may be here",
  EINVAL: "this file does not allow it",
  EIO: "the device reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its links go round in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENFILE: "too many files are open on this machine",
  ENODEV: "there is no such device",
  ENOENT: "there is no such file",
  ENOMEM: "there is not enough memory",
  ENOSPC: "no space left on the device",
  ENOTDIR: "its folder is a file",
  ENXIO: "nothing is connected to it",
  EOPNOTSUPP: "this file does not allow it",
  EPERM: "the system does not permit it",
  EPIPE: "the other end is closed",
  EROFS: "the file system is read-only",
  ESPIPE: "this file can only be read from beginning to end",
  ESTALE: "it is gone from its network folder",
  ETXTBSY: "it is a program that is running",
  ERR_INVALID_ARG_VALUE: "its name has a character that no name may have",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
  ERR_STREAM_DESTROYED: "the other end is closed",
  ERR_STREAM_WRITE_AFTER_END: "the other end is closed",
  Z_BUF_ERROR: "it ends too early",
  Z_DATA_ERROR: "its compressed bytes are damaged",
};

/** A path in a sentence: one of no letters has to be seen. */
export const named = (path: string): string => (path === "" ? '""' : path);

/** Whether the system refused something; the rest are faults in programs. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string";

/** Why, in words; `special` for where a code means something of its own. */
export function reasonOf(error: unknown, special: Readonly<Record<string, string>> = {}): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (Object.hasOwn(special, code)) return special[code]!;
  if (Object.hasOwn(REASONS, code)) return REASONS[code]!;
  return code === "" ? "for a reason that the system does not tell" : `the system says ${code}`;
}
