#!/usr/bin/env node
// Starts the command of @hadamask/cli, or says in one line how to get it.
let cli;
try {
  cli = await import("@hadamask/cli");
} catch (error) {
  if (typeof error?.syscall === "string") {
    console.error(`hadamask: cannot start: ${error.path ?? "a file"} cannot be read (${error.code})`);
    process.exit(1);
  }
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  const isBuilt = !String(error.message).includes("dist");
  console.error(
    isBuilt
      ? "hadamask: the command is in its own package; run npm install @hadamask/cli"
      : "hadamask: the command is not built yet; run npm run build",
  );
  process.exit(1);
}
process.exitCode = await cli.main(process.argv.slice(2));
