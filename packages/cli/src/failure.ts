// What may end a command: reasons that lie outside of it, each with a sentence. Whatever else is thrown is a fault of
// the program, and main says so.

/** A command could not be done, for the reason that the message says. */
export class Failure extends Error {
  override readonly name: string = "Failure";
}

/** Whoever read the output has closed it (`hadamask … | head`), and has what they wanted. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}
