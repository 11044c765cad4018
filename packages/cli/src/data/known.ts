// The data sets that have a name: where their files are, and what a reader has to know of them.

import type { RemoteFile } from "./download.js";

export interface KnownIdx {
  readonly description: string;
  readonly rows: number;
  readonly classes: readonly string[];
  readonly files: readonly RemoteFile[];
}

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const files = (folder: string, list: readonly (readonly [string, number, string])[]): RemoteFile[] =>
  list.map(([name, bytes, sha256]) => ({ name, url: folder + name, bytes, sha256 }));

// Addresses, sizes and sums: TensorFlow Datasets, url_checksums/mnist.txt and fashion_mnist.txt.

export const KNOWN_IDX: Readonly<Record<"mnist" | "fashion-mnist", KnownIdx>> = {
  mnist: {
    description:
      "MNIST, 70,000 handwritten digits of 28 × 28 pixels (Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0).",
    rows: 70_000,
    classes: DIGITS,
    files: files("https://storage.googleapis.com/cvdf-datasets/mnist/", [
      ["train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
      ["train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"],
      ["t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"],
      ["t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"],
    ]),
  },
  "fashion-mnist": {
    description:
      "Fashion-MNIST, 70,000 pictures of clothes of 28 × 28 pixels (H. Xiao, K. Rasul, R. Vollgraf; Zalando " +
      "SE, MIT licence).",
    rows: 70_000,
    classes: ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
    files: files("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", [
      ["train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
      ["train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
      ["t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
      ["t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"],
    ]),
  },
};

export const OPTDIGITS = {
  description:
    "1,797 handwritten digits of 8 × 8 pixels, the test part of “Optical Recognition of Handwritten Digits” " +
    "(E. Alpaydin and C. Kaynak, UCI Machine Learning Repository; CC BY 4.0).",
  image: { height: 8, width: 8 },
  /** Pixels are counts of ink points, 0 to 16. */
  scaling: 1 / 16,
  /** Five seeds have as many without sharing one, beside 539 rows for testing. */
  trainRows: 250,
} as const;

/** Whether `--data` names a set that hadamask knows, and no file. */
export const isNamedSet = (what: string): boolean => what === "optdigits" || Object.hasOwn(KNOWN_IDX, what);
