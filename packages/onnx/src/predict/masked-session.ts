// A rewritten model in the runtime: knows the shapes of its sites, and runs any choice of rows under any masks.

import { type Key, passKey, sampleKey } from "hadamask";
import { list } from "../check.js";
import { writeModel } from "../protobuf/codec.js";
import { DATA_TYPE, type ModelProto, withFields } from "../protobuf/types.js";
import type { Site } from "../rewrite.js";
import { fixedRows, type InputSpec, inputSpecs, type RowTable } from "./inputs.js";
import { layoutFrom, layoutFromFixed, type MaskShape, maskShape, type SiteLayout } from "./layout.js";
import { MultiplierWriter } from "./multipliers.js";
import { createSession, makeTensor, type Ort, type OrtSession, type OrtTensor, type SessionOptions } from "./ort.js";

/** Rows of one run, pass after pass: slot i is row `rows[i % count]` of pass `firstPass + floor(i / count)`. */
export interface Slots {
  readonly rows: Int32Array;
  /** Rows of one pass. */
  readonly count: number;
  readonly firstPass: number;
}

/** Who is random in a run. */
export interface Draw {
  /** The key of each site. */
  readonly keys: readonly Key[];
  /** "independent": each row by its id; "consistent": all rows of a pass alike. */
  readonly masks: "independent" | "consistent";
  readonly sampleIds: ArrayLike<number>;
  /** In place of the rates of the sites. */
  readonly rate: number | undefined;
}

/** A site with the shape of its masks, for inputs of one kind of shape. */
interface PlacedSite {
  readonly site: Site;
  readonly layout: SiteLayout;
  readonly shape: MaskShape;
}

/** Lends a session that puts out the shapes of the sites. */
type Probe = <T>(look: (session: OrtSession) => Promise<T>) => Promise<T>;

/** Up to this many bytes a model is loaded a second time to find the shapes: as outputs of every run they would cost 4 % of a small network. */
const LOADED_TWICE = 2 ** 26;

/** How far from equal two outputs may be that should be: optimised kernels may add in another order. */
const SAME = 1e-5;

export class MaskedSession {
  readonly specs: readonly InputSpec[];
  /** How many rows every run must have; undefined where it is free. */
  readonly fixedRows: number | undefined;
  readonly #ort: Ort;
  readonly #session: OrtSession;
  readonly #probe: Probe;
  readonly #sites: readonly Site[];
  readonly #outputs: readonly string[];
  readonly #placed = new Map<string, readonly PlacedSite[]>();
  readonly #writers = new Map<Site, MultiplierWriter>();

  private constructor(
    ort: Ort,
    session: OrtSession,
    probe: Probe,
    specs: readonly InputSpec[],
    sites: readonly Site[],
    outputs: readonly string[],
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#probe = probe;
    this.specs = specs;
    this.fixedRows = fixedRows(specs);
    this.#sites = sites;
    this.#outputs = outputs;
  }

  static async open(
    where: string,
    ort: Ort,
    model: ModelProto,
    options: {
      readonly sites: readonly Site[];
      readonly outputs: readonly string[];
      readonly constant: readonly string[];
      readonly session: SessionOptions;
    },
  ): Promise<MaskedSession> {
    const { sites, outputs } = options;
    const specs = inputSpecs(model, new Set(sites.map(({ input }) => input)), options.constant);
    const load = async (loaded: ModelProto): Promise<OrtSession> => {
      try {
        return await createSession(ort, writeModel(loaded), options.session);
      } catch (error) {
        throw new Error(`${where}: ONNX Runtime does not take the model: ${messageOf(error)}`, { cause: error });
      }
    };
    const isLarge = modelSize(model) > LOADED_TWICE;
    const session = await load(isLarge ? withShapeOutputs(model, sites) : model);
    const probe = async <T>(look: (session: OrtSession) => Promise<T>): Promise<T> => {
      if (isLarge) return look(session);
      const own = await load(withShapeOutputs(model, sites));
      try {
        return await look(own);
      } finally {
        await own.release();
      }
    };
    return new MaskedSession(ort, session, probe, specs, sites, outputs);
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** The layout of every site for inputs like these. Found by one small run (two for a free number of rows), then remembered. */
  async place(where: string, table: RowTable): Promise<readonly PlacedSite[]> {
    const known = this.#placed.get(table.signature);
    if (known !== undefined) return known;
    const layouts = await this.#layouts(where, table);
    const placed = this.#sites.map((site, i) => ({
      site,
      layout: layouts[i]!,
      shape: maskShape(layouts[i]!, site.share),
    }));
    const checked = await this.#checkRows(where, table, placed);
    this.#placed.set(table.signature, checked);
    return checked;
  }

  async #layouts(where: string, table: RowTable): Promise<SiteLayout[]> {
    const fixed = this.fixedRows;
    const [one, two] = await this.#probe(async (session) => {
      const first = await this.#shapes(where, session, table, fixed ?? 1);
      return [first, fixed === undefined ? await this.#shapes(where, session, table, 2) : undefined];
    });
    return one!.map((dims, i) => {
      if (two === undefined) return layoutFromFixed(dims, fixed!, this.#sites[i]!.kind === "weight");
      const layout = layoutFrom(dims, two[i]!, 1);
      if (layout !== undefined) return layout;
      const shapes = `[${dims.join(",")}] for one row, [${two[i]!.join(",")}] for two`;
      throw new RangeError(
        `${where}: ${this.#sites[i]!.name} must have one axis that grows with the rows, got shape ${shapes}`,
      );
    });
  }

  /** Shapes of all sites in a run over so many rows. Without a known rank a single one broadcasts to everything. */
  async #shapes(where: string, session: OrtSession, table: RowTable, rows: number): Promise<number[][]> {
    const feeds = { ...table.feeds(someRows(table, rows)), ...this.#ones() };
    const results = await runSession(where, session, feeds, this.#sites.map(shapeName));
    return this.#sites.map((site) => Array.from(results[shapeName(site)]!.data as BigInt64Array, Number));
  }

  /**
   * Holds the layouts to the model: with one row's elements dropped everywhere, the other rows must not change. Where batch and
   * another axis were merged, the shapes do not tell in which order; the first order that stands this test is taken.
   */
  async #checkRows(where: string, table: RowTable, placed: readonly PlacedSite[]): Promise<readonly PlacedSite[]> {
    const rows = this.fixedRows ?? 2;
    if (rows === 1 || placed.every(({ shape }) => shape.isRowless)) return placed;
    const feeds = table.feeds(someRows(table, rows));
    const plain = await this.#run(where, { ...feeds, ...this.#ones(placed) }, this.#outputs);
    const isSound = async (tried: readonly PlacedSite[]): Promise<boolean> => {
      const masks = {
        ...this.#ones(placed),
        ...Object.fromEntries(tried.map((entry) => [entry.site.input, this.#withoutFirst(entry, rows)])),
      };
      const dropped = await this.#run(where, { ...feeds, ...masks }, this.#outputs);
      return this.#outputs.every((name) => othersAgree(plain[name]!, dropped[name]!, rows));
    };
    if (await isSound(placed)) return placed;
    const sound: PlacedSite[] = [];
    for (const entry of placed) {
      const layout: SiteLayout = { ...entry.layout, order: "interleaved" };
      const other = { ...entry, layout, shape: maskShape(layout, entry.site.share) };
      if (await isSound([entry])) sound.push(entry);
      else if (entry.layout.perRow > 1 && (await isSound([other]))) sound.push(other);
      else {
        throw new RangeError(
          `${where}: the rows of a batch must not influence each other, got a change in other rows when one row was dropped at ${entry.site.name}`,
        );
      }
    }
    return sound;
  }

  /** Multipliers that drop everything of the first row and nothing else. */
  #withoutFirst({ site, shape }: PlacedSite, rows: number): OrtTensor {
    const values = this.#multipliers(site, shape.perRow * (shape.isRowless ? 1 : rows)).fill(1);
    if (!shape.isRowless) {
      for (let piece = 0; piece < shape.pieces; piece++) {
        const start = piece * rows * shape.length;
        values.fill(0, start, start + shape.length);
      }
    }
    return makeTensor(this.#ort, site.type, values, shape.dims(rows));
  }

  #multipliers(site: Site, n: number): Float32Array | Float64Array {
    return site.type === "float64" ? new Float64Array(n) : new Float32Array(n);
  }

  /** Multipliers of 1 for every site: no dropout. */
  #ones(placed?: readonly PlacedSite[]): Record<string, OrtTensor> {
    const tensors = this.#sites.map((site, i) => {
      const rank = placed?.[i]?.layout.dims.length ?? site.rank ?? 1;
      return [
        site.input,
        makeTensor(this.#ort, site.type, this.#multipliers(site, 1).fill(1), new Array<number>(rank).fill(1)),
      ] as const;
    });
    return Object.fromEntries(tensors);
  }

  /** The model's own answer: nothing is dropped. */
  deterministic(where: string, table: RowTable, placed: readonly PlacedSite[], rows: Int32Array): Promise<OrtTensor[]> {
    return this.#answers(where, { ...table.feeds(rows), ...this.#ones(placed) }, rows.length);
  }

  /** One run with masks. Rows of one pass must stand together. */
  sample(
    where: string,
    table: RowTable,
    placed: readonly PlacedSite[],
    slots: Slots,
    draw: Draw,
  ): Promise<OrtTensor[]> {
    const feeds = table.feeds(slots.rows);
    placed.forEach((entry, k) => {
      feeds[entry.site.input] = this.#masks(entry, slots, draw, draw.keys[k]!);
    });
    return this.#answers(where, feeds, slots.rows.length);
  }

  #masks(placed: PlacedSite, slots: Slots, draw: Draw, key: Key): OrtTensor {
    const { site, layout, shape } = placed;
    const keep = 1 - (draw.rate ?? site.rate);
    const isConsistent = draw.masks === "consistent" || shape.isRowless;
    const isOnePass = slots.rows.length <= slots.count;
    // One decision for all rows of the run broadcasts, unless a row has several entries on the row axis.
    const isBroadcast = isConsistent && isOnePass && (shape.isRowless || layout.perRow === 1);
    const length = isBroadcast ? 1 : slots.rows.length;
    const writer = this.#writer(site, shape.perRow, length, keep);
    for (let slot = 0; slot < length; slot++) {
      const at = { start: slot * shape.length, length: shape.length, stride: length * shape.length };
      const isFirst = slot % slots.count === 0;
      if (isConsistent && !isFirst) writer.repeat(at);
      else writer.draw(keyOf(key, slots, slot, isConsistent ? undefined : draw.sampleIds), at);
    }
    return makeTensor(this.#ort, site.type, writer.values, shape.dims(length));
  }

  /** The array is used again in the next run: no run begins before the one before it has ended. */
  #writer(site: Site, perRow: number, rows: number, keep: number): MultiplierWriter {
    const last = this.#writers.get(site);
    if (last !== undefined && last.perRow === perRow && last.values.length === perRow * rows && last.keep === keep)
      return last;
    const writer = new MultiplierWriter(this.#multipliers(site, perRow * rows), perRow, keep);
    this.#writers.set(site, writer);
    return writer;
  }

  async #answers(where: string, feeds: Record<string, OrtTensor>, rows: number): Promise<OrtTensor[]> {
    const results = await this.#run(where, feeds, this.#outputs);
    return this.#outputs.map((name) => {
      const tensor = results[name]!;
      if (tensor.dims[0] === rows) return tensor;
      throw new RangeError(
        `${where}: output ${name} must have ${rows} rows like the inputs, got shape [${tensor.dims.join(",")}]`,
      );
    });
  }

  #run(where: string, feeds: Record<string, OrtTensor>, fetches: readonly string[]): Promise<Results> {
    return runSession(where, this.#session, feeds, fetches);
  }
}

type Results = Readonly<Record<string, OrtTensor>>;

async function runSession(
  where: string,
  session: OrtSession,
  feeds: Record<string, OrtTensor>,
  fetches: readonly string[],
): Promise<Results> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    throw new Error(`${where}: ONNX Runtime could not run the model: ${messageOf(error)}`, { cause: error });
  }
}

/** Bytes of the weights, about. */
const modelSize = (model: ModelProto): number =>
  (model.graph?.initializer ?? []).reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);

/** The key that a slot draws under: that of its pass, and where rows draw by id, that of the row's id in it. */
function keyOf(site: Key, { rows, count, firstPass }: Slots, slot: number, ids: ArrayLike<number> | undefined): Key {
  const pass = passKey(site, firstPass + Math.floor(slot / count));
  return ids === undefined ? pass : sampleKey(pass, ids[rows[slot]!]!);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first `rows` rows, from the beginning again where there are fewer. */
const someRows = (table: RowTable, rows: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => i % table.rows);

const shapeName = (site: Site): string => `${site.input}_shape`;

/** The model with the shapes of its sites as further outputs. They cost nothing, and are not fetched after the first run. */
function withShapeOutputs(model: ModelProto, sites: readonly Site[]): ModelProto {
  const graph = model.graph!;
  const node = sites.map((site) => ({
    name: `${shapeName(site)}_node`,
    opType: "Shape",
    input: [site.tensor],
    output: [shapeName(site)],
  }));
  const output = sites.map((site) => ({
    name: shapeName(site),
    type: { tensorType: { elemType: DATA_TYPE.int64, shape: { dim: [{}] } } },
  }));
  return withFields(model, {
    graph: withFields(graph, { node: [...(graph.node ?? []), ...node], output: [...(graph.output ?? []), ...output] }),
  });
}

/** Whether two outputs agree in all rows but the first. */
function othersAgree(a: OrtTensor, b: OrtTensor, rows: number): boolean {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  if (a.dims[0] !== rows) return true; // said more plainly when the answers are read
  for (let i = x.length / rows; i < x.length; i++) {
    const isClose = Math.abs(x[i]! - y[i]!) <= SAME * Math.max(1, Math.abs(x[i]!));
    if (!isClose && !(Number.isNaN(x[i]!) && Number.isNaN(y[i]!))) return false;
  }
  return true;
}

/** For messages: what sites a model has. */
export const siteNames = (sites: readonly Site[]): string => list(sites.map(({ name }) => name));
