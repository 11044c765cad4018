// A module that needs a package which may be missing: a sentence instead of Node's own error.
//
// A static import of a missing package fails before any line has run, so it has to be a dynamic one. That is asked of
// Node alone (the condition "node-addons" in package.json, which Node sets and bundlers do not): everyone else gets
// the modules with static imports, which bundlers can shake and which need no top-level await.

/** Loads `load()`; where `peer` is missing, says so and how to get it. */
export async function needs(entry, peer, version, load) {
  try {
    return await load();
  } catch (cause) {
    if (cause?.code !== "ERR_MODULE_NOT_FOUND" || !String(cause.message).includes(`'${peer}'`)) throw cause;
    const error = new Error(`${entry}: needs ${peer} ${version}; run npm install ${peer}`, { cause });
    throw Object.assign(error, { code: cause.code });
  }
}
