// Makes the files of this folder's files/: small inputs that are wrong in one way each. What the command has to say of
// each is in cases.json; hostile.test.ts holds both. Needs `npm run build`.
//
//     node packages/cli/test/hostile/make.mjs [FOLDER]

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { writeModel } from "../../../onnx/dist/index.js";

const folder = process.argv[2] ?? fileURLToPath(new URL("files", import.meta.url));

const write = (name, content) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

// Tables

const ROWS = 12;
const rows = (labelOf = (i) => (i % 2 === 0 ? "a" : "b")) =>
  Array.from({ length: ROWS }, (_, i) => `${i},${(7 * i) % 5},${labelOf(i)}\n`).join("");

write("csv/good.csv", rows());
write("csv/numeric-names.csv", `0,1,label\n${rows()}`);
write("csv/missing-first.csv", `?,0,a\n${rows()}`);
write(
  "csv/missing-label.csv",
  rows((i) => (i === 4 ? "" : "a")),
);
write("csv/typing-error.csv", `1O,0,a\n${rows()}`);
write("csv/large-number.csv", `1e39,0,a\n${rows()}`);
write("csv/hexadecimal.csv", `${rows()}0x10,3,a\n`);
write(
  "csv/latin1.csv",
  Buffer.from(
    rows((i) => (i % 2 === 0 ? "caf\u00e9" : "caf\u00e8")),
    "latin1",
  ),
);
write("csv/utf16.csv", Buffer.from(`\ufeff${rows()}`, "utf16le"));
write(
  "csv/four-spellings.csv",
  rows((i) => ["1", "1.0", "01", "2"][i % 4]),
);
write("csv/quote-open.csv", `${rows()}3,"4,a\n${rows()}`);
write("csv/decimal-signs.csv", "1,5;2;a\n1.5;3;b\n2,5;4;a\n");
write("csv/nul.csv", `${rows()}1\0,2,a\n`);
write(
  "csv/escapes.csv",
  rows((i) => (i % 2 === 0 ? "\u001b[2J\u001b]0;title\u0007" : "\u202ebidi")),
);
write(
  "csv/prototype.csv",
  `__proto__,constructor,toString\n${rows((i) => (i % 2 === 0 ? "__proto__" : "hasOwnProperty"))}`,
);
write("csv/empty.csv", "");
write(
  "csv/one-class.csv",
  rows(() => "a"),
);
write("csv/ragged.csv", `${rows()}3,a\n`);
write("csv/utf16be.csv", Buffer.from(rows(), "utf16le").swap16());
write("csv/infinity.csv", `${rows()}Infinity,1,a\n`);
write("csv/comma-only.csv", ",,\n,,\n");
write("csv/percent.csv", `x,y,label\n${rows().replaceAll(",", "%,")}`);
write(
  "csv/nan-among-labels.csv",
  rows((i) => ["0", "1", "NaN"][i % 3]),
);
write("csv/web-page.csv", "<!DOCTYPE html>\n<title>404</title>\n");
write("csv/twice.csv.gz", gzipSync(gzipSync(rows())));
write("csv/utf16-as-latin1.csv", Buffer.from(`\ufeff${rows()}`, "utf16le"));
write("csv/archive.csv", Buffer.from("PK\u0003\u0004 and so on"));
write("csv/cut-off.csv.gz", gzipSync(rows()).subarray(0, 40));
write("csv/damaged.csv.gz", gzipSync(rows()).fill(0x55, 12, 30));

// NPY and IDX

const npy = (header, bytes = new Uint8Array(64)) => {
  const text = `${header.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length, 0]), Buffer.from(text), bytes]);
};
const header = (shape, descr = "'<f4'") => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
write("npy/negative.npy", npy(header("(-1, -64)")));
write("npy/fraction.npy", npy(header("(1.5, 4)")));
write("npy/enormous.npy", npy(header("(1000000000, 1000000000)")));
write("npy/objects.npy", npy(header("(4, 4)", "'|O'")));
write("npy/no-shape.npy", npy("{'descr': '<f4'}"));
write("npy/beyond-2-53.npy", npy(header("(18446744073709551617, 4)")));
write("npy/no-rows.npy", npy(header("(0, 4)"), new Uint8Array(0)));
write("npy/half.npy", npy(header("(8, 4)", "'<f2'")));
write("npy/header-of-4-gb.npy", npy(header("(4, 4)")).fill(0xff, 8, 12).fill(2, 6, 7));
write("npy/header-only.npy", npy(header("(4, 4)")).subarray(0, 30));
write("npy/version-9.npy", npy(header("(4, 4)")).fill(9, 6, 7));

write(
  "npy/beyond-32-bits.npy",
  npy(header("(2, 4)", "'<f8'"), new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 1e300).buffer)),
);
const archive = zipSync({ "x.npy": [npy(header("(4, 4)")), { level: 0, mtime: "2000-01-01T00:00:00" }] });
write("npy/damaged.npz", archive.with(100, 7));

const idx = (sizes, bytes) => {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([head, Buffer.from(bytes)]);
};
const pictures = (name, { train = 12, test = 6, height = 4, width = 4, labelOf = (i) => i % 3, claimed = train }) => {
  const pixels = (n) => Array.from({ length: n * height * width }, (_, i) => (i * 37) % 256);
  const labels = (n) => Array.from({ length: n }, (_, i) => labelOf(i));
  write(`${name}/train-images-idx3-ubyte`, idx([claimed, height, width], pixels(train)));
  write(`${name}/train-labels-idx1-ubyte`, idx([train], labels(train)));
  write(`${name}/t10k-images-idx3-ubyte`, idx([test, height, width], pixels(test)));
  write(`${name}/t10k-labels-idx1-ubyte`, idx([test], labels(test)));
};
write("idx-255-axes", Buffer.concat([Buffer.from([0, 0, 8, 255]), Buffer.alloc(1020, 1), Buffer.from([1])]));
pictures("idx/no-training-rows", { train: 0 });
pictures("idx/no-test-rows", { test: 0 });
pictures("idx/no-height", { height: 0 });
pictures("idx/one-class", { labelOf: () => 0 });
pictures("idx/sizes", { claimed: 4_000_000_000 });

// Models: x [b, 4] -> Gemm -> Relu -> Dropout -> Gemm -> Softmax, three classes

const floats = (name, dims, values) => ({
  name,
  dims,
  dataType: 1,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});
const waves = (name, dims) =>
  floats(
    name,
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(12.9898 * (i + 1))),
  );
const declared = (name, dims) => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      shape: { dim: dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size })) },
    },
  },
});
const node = (opType, input, output, name = output) => ({ opType, name, input, output: [output] });

function model({ batch = "b", x = "x", dropout = "drop", producer = "test", nodes, weights, metadata = {} } = {}) {
  return writeModel({
    irVersion: 8,
    producerName: producer,
    opsetImport: [{ domain: "", version: 17 }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: "g",
      node: nodes ?? [
        node("Gemm", [x, "w1", "b1"], "h"),
        node("Relu", ["h"], "r"),
        node("Dropout", ["r", "half"], "d", dropout),
        node("Gemm", ["d", "w2", "b2"], "z"),
        node("Softmax", ["z"], "y"),
      ],
      initializer: weights ?? [
        waves("w1", [4, 8]),
        waves("b1", [8]),
        waves("w2", [8, 3]),
        waves("b2", [3]),
        floats("half", [], [0.5]),
      ],
      input: [declared(x, [batch, 4])],
      output: [declared("y", [batch, 3])],
    },
  });
}

const STEERING = "\u001b]0;title\u0007\u001b[2J\u001b[31mred\nnext line\r";
const MARKUP = "<img src=x onerror=alert(1)>";
const weightsWith = (external) => [
  { name: "w1", dims: [4, 8], dataType: 1, dataLocation: 1, externalData: external },
  waves("b1", [8]),
  waves("w2", [8, 3]),
  waves("b2", [3]),
  floats("half", [], [0.5]),
];
const place = (location, length = "128") => [
  { key: "location", value: location },
  { key: "length", value: length },
];

write("onnx/x.csv", Array.from({ length: 8 }, (_, i) => `${i / 8},${(i % 3) / 3},${(i % 5) / 5},${-i / 8}\n`).join(""));
write("onnx/good.onnx", model());
write("onnx/batch-of-1e9.onnx", model({ batch: 1_000_000_000 }));
write("onnx/cut-off.onnx", model().subarray(0, 300));
write("onnx/steering.onnx", model({ x: STEERING, dropout: STEERING + MARKUP, producer: `</script>${STEERING}` }));
write(
  "onnx/classes-steering.onnx",
  model({ metadata: { "hadamask.classes": JSON.stringify([MARKUP, `</script>${STEERING}`, "\u0000\ud800"]) } }),
);
write("onnx/classes-few.onnx", model({ metadata: { "hadamask.classes": '["a","b"]' } }));
write("onnx/sites-null.onnx", model({ metadata: { "hadamask.sites": "null" } }));
write("onnx/image-wrong.onnx", model({ metadata: { "hadamask.image": '{"height":-1,"width":1e9}' } }));
write("onnx/loop-identity.onnx", model({ nodes: [node("Identity", ["a"], "a"), node("Softmax", ["x"], "y")] }));
write(
  "onnx/loop-gelu.onnx",
  model({
    nodes: [
      node("Erf", ["x"], "e"),
      node("Add", ["e", "half"], "t"),
      node("Mul", ["t", "m"], "m"),
      node("Mul", ["m", "x"], "y"),
    ],
  }),
);
write(
  "onnx/chain-of-20000.onnx.gz",
  gzipSync(
    model({
      nodes: Array.from({ length: 20_000 }, (_, i) =>
        node("Identity", [i === 0 ? "x" : `t${i - 1}`], i === 19_999 ? "y" : `t${i}`, ""),
      ),
    }),
  ),
);
write("onnx/external-device.onnx", model({ weights: weightsWith(place("../../../../../../../../dev/zero")) }));
write("onnx/external-absolute.onnx", model({ weights: weightsWith(place("/etc/hostname")) }));
write("onnx/external-link.onnx", model({ weights: weightsWith(place("link.bin")) }));
write("onnx/external-folder-link.onnx", model({ weights: weightsWith(place("linked/short.bin")) }));
write("onnx/external-nul.onnx", model({ weights: weightsWith(place("short\u0000.bin")) }));
write("onnx/external-dots.onnx", model({ weights: weightsWith(place("..short.bin")) }));
write("onnx/external-short.onnx", model({ weights: weightsWith(place("short.bin")) }));
write("onnx/short.bin", new Uint8Array(16));
write(
  "onnx/prototype-operator.onnx",
  model({ nodes: [node("__proto__", ["x"], "h"), node("constructor", ["h"], "y")] }),
);
