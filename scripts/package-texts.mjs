// Before packing: puts the licence into the package's folder (ignored by git there). Its README is its own.
import { copyFileSync } from "node:fs";

copyFileSync(new URL("../LICENSE", import.meta.url), "LICENSE");
