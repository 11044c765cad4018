import { dropout } from "hadamask";

console.log(dropout([2, 4, 6], { keep: 0.5, mask: [1, 0, 1] }));
