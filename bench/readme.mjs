// The table of the README in each language, from the same measurements as docs/benchmarks.md. Measures nothing.

import { COPY, LOOPS, OURS } from "./ours.mjs";
import { factors, peerTable, sizeName, times } from "./tables.mjs";

const BEGIN = "<!-- benchmarks:begin -->";
const END = "<!-- benchmarks:end -->";

const TABLES = { en: english, zh: chinese };

/** A README in `language` with the table between its marks made new. */
export function readmeWith(text, data, language) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the README has no ${BEGIN} before ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${TABLES[language](data)}\n${text.slice(end)}`;
}

function english(data) {
  const { cpu, cores, node } = data.machine;
  const faster = fasterBy(data, { native: "Native, on ordinary arrays", heap: "WebAssembly, on ordinary arrays" })
    .map(({ title, rows }) => {
      const each = rows.map(({ rate, fastest, by }) => `${by} (rate ${rate}, ${fastest})`);
      return `${title}: ${each.join(", ")} faster than the fastest peer.`;
    })
    .join(" ");
  const where = `${cpu}, ${cores} cores, Node ${node}`;
  return `Dropout forward, float32, ${sizeName(data.n)} elements, one thread; ${where}; medians.

${peerTable(data)}

${faster} Memory kept for the backward pass: 0 bytes.
All tables, what each case is, other processors and where we lose: [docs/benchmarks.md](docs/benchmarks.md).`;
}

function chinese(data) {
  const { cpu, cores, node } = data.machine;
  const words = {
    ns: "每个元素的纳秒数",
    rate: (rate) => `丢弃率 ${rate}`,
    names: {
      [COPY]: "复制数组",
      [OURS.native]: "hadamask，C",
      [OURS.alloc]: "hadamask，alloc 的数组",
      [OURS.scalar]: "hadamask，普通计算核",
      [LOOPS.scale]: "循环 y[i] = c * x[i]",
      [LOOPS.random]: "用 Math.random() 的循环",
    },
  };
  const faster = fasterBy(data, { native: "C，普通数组", heap: "WebAssembly，普通数组" })
    .map(({ title, rows }) => {
      const each = rows.map(({ rate, fastest, by }) => `${by.replace("×", "倍")}（丢弃率 ${rate}，${fastest}）`);
      return `${title}：速度是最快的同类库的 ${each.join("、")}。`;
    })
    .join("");
  return `暂退法前向，float32，${sizeName(data.n)} 个元素，单线程；${cpu}，${cores} 核，Node ${node}；中位数。

${peerTable(data, words)}

${faster}为反向传播保存的内存：0 字节。
全部表格、每一项是什么、其他处理器，以及我们输在哪里：[docs/benchmarks.md](docs/benchmarks.md)。`;
}

/** How much faster than the fastest peer, by each way that was measured. */
const fasterBy = (data, titles) =>
  Object.entries(titles)
    .filter(([way]) => factors(data)[0][way] !== undefined)
    .map(([way, title]) => ({ title, rows: factors(data).map((row) => ({ ...row, by: times(row[way]) })) }));
