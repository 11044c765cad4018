// `hadamask reproduce`: published tables and figures, measured again. Each is a command of its own.

import { examples, type Register } from "./register.js";
import { rate, size } from "./reproduce-curves.js";
import { uci } from "./reproduce-uci.js";

export const reproduce: Register = (program, terminal) => {
  const parent = program
    .command("reproduce")
    .description("Measure published tables and figures again, and say how far they agree.")
    .addHelpText(
      "after",
      examples([
        ["hadamask reproduce uci", "the nine regression sets of Gal and Ghahramani, split by split"],
        ["hadamask reproduce rate", "test error against the rate, on MNIST"],
        ["hadamask reproduce size", "what dropout gains with more and more training rows, on MNIST"],
      ]),
    );
  uci(parent, terminal);
  rate(parent, terminal);
  size(parent, terminal);
};
