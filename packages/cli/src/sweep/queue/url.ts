// The address of a queue: redis:// or rediss:// (TLS), with a password that is never shown.

import { UsageError } from "@hadamask/experiments/settings";

export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Whether the connection is encrypted. */
  readonly isTls: boolean;
  /** For people: without user and password. */
  readonly shown: string;
}

const RULE = "redis://[user:password@]host:port[/db], or rediss:// for TLS";
/** Where a password is looked for that is not in the address. */
export const PASSWORD_VARIABLE = "HADAMASK_QUEUE_PASSWORD";

/** @throws {UsageError} If it is not such an address; the text is not repeated, since it may hold a password. */
export function readAddress(option: string, text: string, env: NodeJS.ProcessEnv = process.env): QueueAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${option} must be ${RULE}`);
  }
  const { protocol, hostname, pathname, search, hash } = url;
  if (protocol !== "redis:" && protocol !== "rediss:")
    throw new UsageError(`${option} must be ${RULE}, got ${protocol}//`);
  const [, db = ""] = /^\/?(\d*)$/.exec(pathname) ?? [];
  if (hostname === "" || search !== "" || hash !== "" || !/^\/?\d*$/.test(pathname)) {
    throw new UsageError(`${option} must be ${RULE}`);
  }
  const port = url.port === "" ? 6379 : Number(url.port);
  const username = decoded(option, url.username);
  const password = decoded(option, url.password) || env[PASSWORD_VARIABLE];
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"), // of an IPv6 address
    port,
    db: Number(db),
    isTls: protocol === "rediss:",
    ...(username !== "" && { username }),
    ...(password && { password }),
    shown: `${protocol}//${hostname}:${port}${db === "" ? "" : `/${db}`}`,
  };
}

function decoded(option: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(`${option}: user and password must be percent-encoded where they hold %, @, : or /`);
  }
}
