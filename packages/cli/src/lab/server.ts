// Serves the built site to this machine, and to nobody else.

import { readFileSync, realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Failure } from "../failure.js";
import { reasonOf } from "../files/reasons.js";
import { find, typeOf } from "./files.js";
import { HEADERS, policyOf } from "./policy.js";

/** No other machine reaches this address. */
const HOST = "127.0.0.1";

export interface OpenServer {
  /** "http://127.0.0.1:4870" */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Starts a server of the files in `folder`.
 *
 * @param port 0 for any that is free.
 * @throws {Failure} If the port is taken, or not to be had.
 */
export function serve(folder: string, port: number): Promise<OpenServer> {
  const root = realpathSync(folder);
  const server = createServer((request, response) => send(request, response, safely(request, root)));
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(portFailure(error, port)));
    server.listen(port, HOST, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({ origin: `http://${HOST}:${taken}`, close: () => close(server) });
    });
  });
}

function portFailure(error: NodeJS.ErrnoException, port: number): Failure {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "is in use",
    EACCES: "may only be opened by an administrator",
  };
  const reason = reasons[error.code ?? ""] ?? `cannot be opened: ${reasonOf(error)}`;
  return new Failure(`lab: port ${port} ${reason}; pass another with --port, or --port 0 for any that is free`, {
    cause: error,
  });
}

/** Does not wait for browsers that keep a connection open. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A file that went away meanwhile is said, without its path. */
function safely(request: IncomingMessage, root: string): Answer {
  try {
    return answerTo(request, root);
  } catch (error) {
    return sentence(500, `cannot be read: ${reasonOf(error)}`);
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const sentence = (status: number, text: string, headers?: Answer["headers"]): Answer => ({
  status,
  type: "text/plain; charset=utf-8",
  body: Buffer.from(`${text}\n`),
  ...(headers && { headers }),
});

function answerTo({ method, headers, url }: IncomingMessage, root: string): Answer {
  if (method !== "GET" && method !== "HEAD") return sentence(405, "only GET and HEAD", { Allow: "GET, HEAD" });
  // Another host's name that leads here could be a page that wants to read along.
  if (!isOwnHost(headers.host)) return sentence(421, "this server answers to 127.0.0.1 and localhost alone");
  const [pathname, query] = url!.split(/\?(.*)/s) as [string, string?];
  const found = find(root, pathname);
  if (found.kind === "wrong") return sentence(400, "this is not an address");
  if (found.kind === "moved") {
    const to = query === undefined ? found.to : `${found.to}?${query}`;
    return sentence(308, to, { Location: to });
  }
  const isFound = found.kind === "file";
  const file = isFound ? found.file : join(root, "404.html");
  // Names of assets change with their content.
  const isLasting = isFound && pathname.startsWith("/assets/");
  return {
    status: isFound ? 200 : 404,
    type: typeOf(file),
    body: readFileSync(file),
    headers: { "Cache-Control": isLasting ? "max-age=31536000, immutable" : "no-cache" },
  };
}

const isOwnHost = (host: string | undefined): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? "");

/** What becomes smaller: pictures, fonts and archives are compressed as they are. */
const COMPRESSED = /^(text\/|application\/(json|wasm)|image\/svg)/;

/** "gzip", unless it is weighted with 0. */
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/;

function send({ method, headers: asked }: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, type, headers } = answer;
  const html = type.startsWith("text/html") ? answer.body.toString("utf8") : undefined;
  const isCompressed = COMPRESSED.test(type) && TAKES_GZIP.test(String(asked["accept-encoding"]));
  const body = isCompressed ? gzipSync(answer.body) : answer.body;
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    "Content-Security-Policy": policyOf(html),
    "Content-Type": type,
    "Content-Length": body.length,
    Vary: "Accept-Encoding",
    ...(isCompressed && { "Content-Encoding": "gzip" }),
  });
  response.end(method === "HEAD" ? undefined : body);
}
