// jax-js reads `navigator.userAgent` when it compiles kernels; Node 20 has no `navigator`. Has to be imported before
// jax-js is used. What is set here is what later versions of Node have, and only where there is nothing.

const host = globalThis as { navigator?: unknown; process?: { readonly versions?: { readonly node?: string } } };
const node = host.process?.versions?.node;

if (host.navigator === undefined && node !== undefined) {
  const navigator = { userAgent: `Node.js/${node.split(".")[0]}` };
  Object.defineProperty(host, "navigator", { value: navigator, configurable: true, enumerable: true, writable: true });
}
