// Connections to Redis. The packages for it are not installed with the command: found when they are needed, or missed
// in one sentence. The first connection either works or says why; later ones are tried again for as long as it takes.

import { isIP } from "node:net";
import type { Redis, RedisOptions } from "ioredis";
import { Failure } from "../../failure.js";
import { PASSWORD_VARIABLE, type QueueAddress } from "./url.js";

export type BullMq = typeof import("bullmq");

export interface QueueParts {
  readonly bullmq: BullMq;
  /** Opens one more connection. */
  open(): Redis;
}

/** For tests, which stand in for a machine where nothing is installed. */
type Import = (name: string) => Promise<unknown>;

/** @throws {Failure} If a package is missing, or Redis cannot be reached. */
export async function connectQueue(
  command: string,
  address: QueueAddress,
  load: Import = (name) => import(name),
): Promise<QueueParts> {
  let bullmq: BullMq;
  let ioredis: typeof import("ioredis");
  try {
    [bullmq, ioredis] = (await Promise.all([load("bullmq"), load("ioredis")])) as [BullMq, typeof ioredis];
  } catch (error) {
    throw new Failure(`${command}: --queue needs bullmq 6 and ioredis 5 or later; run npm install bullmq ioredis`, {
      cause: error,
    });
  }
  const options = optionsOf(address);
  await tryOnce(command, address, new ioredis.Redis({ ...options, lazyConnect: true, retryStrategy: () => null }));
  return { bullmq, open: () => quiet(new ioredis.Redis(options)) };
}

/** Time that one attempt to connect may take. */
const CONNECT_MS = 10_000;
/** The longest pause between two attempts. */
const MOST_PAUSE_MS = 2000;

const optionsOf = ({
  host,
  port,
  db,
  username,
  password,
  isTls,
}: QueueAddress): Omit<RedisOptions, "replyMapping"> => ({
  host,
  port,
  db,
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(isTls && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  connectTimeout: CONNECT_MS,
  maxRetriesPerRequest: null, // what is asked while Redis is away is asked again when it is back
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), MOST_PAUSE_MS),
  // A server that is restarted says for a while that it is loading its data.
  reconnectOnError: (error) => /^(LOADING|READONLY)/.test(error.message),
});

/** Errors of a connection come again and again while it is away; who needs to know looks at its status. */
function quiet(redis: Redis): Redis {
  redis.on("error", () => {});
  return redis;
}

async function tryOnce(command: string, { shown, isTls }: QueueAddress, redis: Redis): Promise<void> {
  let cause: Error | undefined;
  redis.on("error", (error: Error) => {
    cause ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
    if (cause !== undefined) throw cause; // the number of the database
  } catch (error) {
    const reason = reasonOf(cause ?? (error as Error), isTls);
    throw new Failure(`${command}: cannot use the queue at ${shown}: ${reason}`);
  } finally {
    redis.disconnect();
  }
}

/** By code, or by the first word of an answer of Redis. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; is redis-server running, and the port right?",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host cannot be looked up now",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: `no answer in ${CONNECT_MS / 1000} s; a firewall may be between`,
  ECONNRESET: "the connection was closed at once; a TLS port needs rediss://",
  EPROTO: "that port does not speak TLS; redis:// is without",
  ERR_SSL_WRONG_VERSION_NUMBER: "that port does not speak TLS; redis:// is without",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed; set NODE_EXTRA_CA_CERTS to its file",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is of an unknown authority; set NODE_EXTRA_CA_CERTS to that file",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is of an unknown authority; set NODE_EXTRA_CA_CERTS to that file",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  WRONGPASS: "user or password are wrong",
  NOAUTH: `it needs a password; put it into the address, or into ${PASSWORD_VARIABLE}`,
  NOPERM: "that user may not use it",
};

/** Never the message of an error, which may hold what was sent. */
function reasonOf(error: Error, isTls: boolean): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const word = /^(?:ERR )?([A-Z]+)\b/.exec(error.message)?.[1] ?? "";
  const hint = /without any password configured/.test(error.message)
    ? "it has no password; leave it out of the address"
    : /DB index/.test(error.message)
      ? "it has no database of that number"
      : /connect ETIMEDOUT/.test(error.message)
        ? isTls
          ? `no answer in ${CONNECT_MS / 1000} s; does that port speak TLS?`
          : REASONS.ETIMEDOUT
        : /Connection is closed/.test(error.message)
          ? REASONS.ECONNRESET
          : undefined;
  return hint ?? REASONS[code] ?? REASONS[word] ?? (code || error.name);
}
