// Masks for sessions that another program owns: an object with the interface of the runtime's session, whose runs feed
// them by themselves.

import { type Key, passKey, siteKey } from "hadamask";
import { checkCount, checkKey, checkRate, describe, nameList } from "../check.js";
import { makeTensor, type Ort, type OrtTensor } from "../predict/ort.js";
import { runShape } from "../predict/run-shape.js";
import { shapeName } from "../shape-outputs.js";
import type { Site } from "../sites.js";
import { type CallMask, callMask, stepOf } from "./call-masks.js";

/** What is used of a session of the runtime. */
export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(...args: never[]): Promise<unknown>;
  release(): Promise<void>;
}

export interface WrapOptions {
  /** The module that the session is of. */
  readonly ort: Ort;
  /** What `withDropout` gave with the model, or `sitesOf(model)`. */
  readonly sites: readonly Site[];
  readonly key: Key;
  /**
   * "run" (default): every run is a pass of its own. "sequence": runs are calls of one sequence until `pass` is set.
   */
  readonly passes?: "run" | "sequence";
  /** "consistent" (default): one mask for all rows of a call; "independent": each row has its own. */
  readonly masks?: "consistent" | "independent";
  /** With independent masks: an id for each row. Default: its number. */
  readonly sampleIds?: ArrayLike<number>;
  /** In place of the rates of all sites; 0 for the model's own answer. */
  readonly rate?: number;
}

/** A session whose masks are fed by itself. */
export interface WrappedSession {
  /** Without the inputs for masks. */
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly unknown[];
  readonly outputMetadata?: readonly unknown[];
  /** As the runtime's own: feeds, and what to fetch and options as far as they are given. */
  run(feeds: Readonly<Record<string, unknown>>, ...more: readonly unknown[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
  startProfiling(): void;
  endProfiling(): void;
  /** The pass of the next run. Setting it begins a new sequence. */
  pass: number;
  /** In place of the rates of all sites; undefined for their own. */
  rate: number | undefined;
}

/**
 * Gives a session the masks of Monte-Carlo dropout, so that a program that owns it (transformers.js and others) samples
 * without knowing. The session has to hold a model that `withDropout(model, placements, { shapes: true })` made.
 *
 * Shapes. Masks fit whatever is fed: the tensors' shapes are asked of the session, once for each shape of the inputs.
 * Randomness. Site k of pass s is masked under `passKey(siteKey(key, k), s)`, rows of independent masks under
 *   `sampleKey(…, id)`. In a sequence of several calls (a loop with a cache of keys and values) decisions go on along
 *   axis 1 of a tensor of three axes or more where the last call ended: a sequence in pieces has the masks of the
 *   whole. Where axis 1 is shared, and in matrices, the same units are dropped in all calls. Attention weights [rows,
 *   heads, queries, keys] have masks of their own in every call.
 * Numerics. A dropped NaN or infinity gives NaN: the model multiplies.
 * Cost. One run more for each new shape of inputs; drawing a mask for each run.
 *
 * @throws {TypeError | RangeError} If an option is wrong, or the session lacks the inputs or shapes of the sites.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { readModel, withDropout, writeModel } from "@hadamask/onnx";
 * import { wrap } from "@hadamask/onnx/wrap";
 * type Ort = typeof import("onnxruntime-node");
 * async function doubt(ort: Ort, bytes: Uint8Array, x: InstanceType<Ort["Tensor"]>) {
 *   const { model, sites } = withDropout(readModel(bytes), { rate: 0.1, after: ["Relu"] }, { shapes: true });
 *   const session = wrap(await ort.InferenceSession.create(writeModel(model)), { ort, sites, key: key(1) });
 *   return [await session.run({ x }), await session.run({ x })]; // two passes
 * }
 * ```
 */
export function wrap(session: RuntimeSession, options: WrapOptions): WrappedSession {
  return new MaskingSession(session as OpenSession, options);
}

/** The session, as it is called. */
interface OpenSession extends Omit<RuntimeSession, "run"> {
  readonly inputMetadata?: readonly unknown[];
  readonly outputMetadata?: readonly unknown[];
  run(...args: readonly unknown[]): Promise<Record<string, OrtTensor>>;
  startProfiling?(): void;
  endProfiling?(): void;
}

class MaskingSession implements WrappedSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #session: OpenSession;
  readonly #options: WrapOptions;
  readonly #keys: readonly Key[];
  /** Shapes of the sites' tensors by the shapes of what is fed. */
  readonly #shapes = new Map<string, Promise<Shapes>>();
  readonly #positions: Float64Array;
  #pass = 0;
  #rate: number | undefined;

  constructor(session: OpenSession, options: WrapOptions) {
    checkOptions(session, options);
    const { sites, key } = options;
    const own = new Set(sites.flatMap((site) => [site.input, shapeName(site)]));
    this.inputNames = session.inputNames.filter((name) => !own.has(name));
    this.outputNames = session.outputNames.filter((name) => !own.has(name));
    this.#session = session;
    this.#options = options;
    this.#keys = sites.map(({ id }) => siteKey(key, id));
    this.#positions = new Float64Array(sites.length);
    this.rate = options.rate;
  }

  get inputMetadata(): readonly unknown[] {
    return ofNames(this.#session.inputMetadata, this.inputNames);
  }

  get outputMetadata(): readonly unknown[] {
    return ofNames(this.#session.outputMetadata, this.outputNames);
  }

  get pass(): number {
    return this.#pass;
  }

  set pass(pass: number) {
    this.#pass = checkCount("wrap", "pass", pass, 0, 2 ** 31 - 1);
    this.#positions.fill(0);
  }

  get rate(): number | undefined {
    return this.#rate;
  }

  set rate(rate: number | undefined) {
    this.#rate = rate === undefined ? undefined : checkRate("wrap", rate);
  }

  async run(feeds: Readonly<Record<string, unknown>>, ...more: readonly unknown[]): Promise<Record<string, OrtTensor>> {
    // the pass of this run, whatever happens while shapes are asked for
    const pass = this.#pass;
    if ((this.#options.passes ?? "run") === "run") this.#pass++;
    const given = feeds as Record<string, OrtTensor>;
    const shapes = await this.#shapesFor(given);
    const call = { feeds: given, more, pass, positions: Float64Array.from(this.#positions) };
    const found = await this.#masked(call, shapes);
    if (found !== undefined) return found;
    this.#shapes.delete(signatureOf(given));
    return (await this.#masked(call, await this.#shapesFor(given)))!;
  }

  /** A run with masks; undefined if it took a branch whose shapes are not known yet. */
  async #masked(
    { feeds, more, pass, positions }: Call,
    shapes: Shapes,
  ): Promise<Record<string, OrtTensor> | undefined> {
    const { sites, ort, passes = "run", masks = "consistent", sampleIds } = this.#options;
    const fed: Record<string, unknown> = { ...feeds };
    sites.forEach((site, k) => {
      const dims = shapes[k];
      const draw = {
        key: passKey(this.#keys[k]!, pass),
        keep: 1 - (this.#rate ?? site.rate),
        position: positions[k]!,
        sampleIds: masks === "independent" ? (sampleIds ?? ("by number" as const)) : undefined,
      };
      fed[site.input] = dims === undefined ? oneOf(ort, site) : tensorOf(ort, site, callMask(site, dims, draw));
      if (passes === "sequence" && dims !== undefined) this.#positions[k] = positions[k]! + stepOf(site, dims);
    });
    const open = sites.filter((_, k) => shapes[k] === undefined);
    const results = await this.#session.run(fed, ...this.#fetches(more, open.map(shapeName)));
    if (open.some((site) => runShape("wrap", site, results[shapeName(site)]!) !== undefined)) return undefined;
    for (const site of open) delete results[shapeName(site)];
    return results;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  startProfiling(): void {
    this.#session.startProfiling?.();
  }

  endProfiling(): void {
    this.#session.endProfiling?.();
  }

  /** The runtime's `run` takes what to fetch, options, both or neither. Unless it is said, shapes are not fetched. */
  #fetches(more: readonly unknown[], shapes: readonly string[]): readonly unknown[] {
    const [first] = more;
    const isMap = typeof first === "object" && first !== null && !Array.isArray(first);
    const names = isMap ? Object.keys(first) : [];
    const isFetches =
      Array.isArray(first) || (names.length > 0 && names.every((name) => this.outputNames.includes(name)));
    if (!isFetches) return [[...this.outputNames, ...shapes], ...more.filter((part) => part !== undefined)];
    const all = isMap
      ? { ...first, ...Object.fromEntries(shapes.map((name) => [name, null])) }
      : [...(first as string[]), ...shapes];
    return [all, ...more.slice(1)];
  }

  #shapesFor(feeds: Readonly<Record<string, OrtTensor>>): Promise<Shapes> {
    const signature = signatureOf(feeds);
    const known = this.#shapes.get(signature);
    if (known !== undefined) return known;
    const found = this.#askShapes(feeds);
    this.#shapes.set(signature, found);
    found.catch(() => this.#shapes.delete(signature));
    return found;
  }

  /** One run without dropout, of which the shapes are fetched. */
  async #askShapes(feeds: Readonly<Record<string, OrtTensor>>): Promise<Shapes> {
    const { sites, ort } = this.#options;
    const ones = sites.map((site) => [site.input, oneOf(ort, site)] as const);
    const results = await this.#session.run({ ...feeds, ...Object.fromEntries(ones) }, sites.map(shapeName));
    return sites.map((site) => runShape("wrap", site, results[shapeName(site)]!)?.dims);
  }
}

/** One call of `run`. */
interface Call {
  readonly feeds: Readonly<Record<string, OrtTensor>>;
  readonly more: readonly unknown[];
  readonly pass: number;
  /** Where the sites were in their sequences before. */
  readonly positions: Float64Array;
}

/** Of the sites' tensors; undefined for those in a branch that was not taken. */
type Shapes = readonly (readonly number[] | undefined)[];

const signatureOf = (feeds: Readonly<Record<string, OrtTensor>>): string =>
  JSON.stringify(
    Object.entries(feeds)
      .map(([name, tensor]) => [name, tensor?.dims])
      .sort(),
  );

const tensorOf = (ort: Ort, { type }: Site, { values, dims }: CallMask): OrtTensor =>
  makeTensor(ort, type, values, dims);

/** A multiplier that changes nothing, whatever the shape. */
function oneOf(ort: Ort, site: Site): OrtTensor {
  const values = site.type === "float64" ? Float64Array.of(1) : Float32Array.of(1);
  return tensorOf(ort, site, { values, dims: new Array<number>(site.rank ?? 1).fill(1) });
}

/** The runtime's descriptions of these inputs or outputs; older versions have none. */
const ofNames = (metadata: readonly unknown[] | undefined, names: readonly string[]): readonly unknown[] =>
  (metadata ?? []).filter((entry) => names.includes((entry as { readonly name: string }).name));

function checkOptions(session: OpenSession, options: WrapOptions): void {
  const where = "wrap";
  if (typeof session?.run !== "function" || !Array.isArray(session.inputNames)) {
    throw new TypeError(`${where}: session must be an InferenceSession of the runtime, got ${describe(session)}`);
  }
  const { sites, key, masks = "consistent", passes = "run" } = options ?? {};
  checkKey(where, key);
  if (!Array.isArray(sites) || sites.length === 0) {
    throw new TypeError(`${where}: sites must be what withDropout gave, got ${describe(sites)}`);
  }
  if (masks !== "consistent" && masks !== "independent") {
    throw new RangeError(`${where}: masks must be "consistent" or "independent", got ${describe(masks)}`);
  }
  if (passes !== "run" && passes !== "sequence") {
    throw new RangeError(`${where}: passes must be "run" or "sequence", got ${describe(passes)}`);
  }
  const missing = sites.filter(
    (site: Site) => !session.inputNames.includes(site.input) || !session.outputNames.includes(shapeName(site)),
  );
  if (missing.length > 0) {
    throw new RangeError(
      `${where}: session must have the inputs and shapes of all sites, got none for ` +
        `${nameList(missing.map(({ name }: Site) => name))}; load what withDropout(model, placements, { shapes: ` +
        `true }) gives`,
    );
  }
}
