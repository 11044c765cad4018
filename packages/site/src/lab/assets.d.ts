// Files that the build puts beside the pages; importing one gives its address.

declare module "*.wasm?url" {
  const url: string;
  export default url;
}
