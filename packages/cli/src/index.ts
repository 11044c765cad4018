// The package as a library: the launcher calls main, and that is all there is to call.

export { main } from "./main.js";
