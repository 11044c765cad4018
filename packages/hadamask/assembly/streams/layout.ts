// Where things lie in the memory of the streams' module: one page. The first 1 kB is the scratch of ../threefry.ts.

/** A generator's state, copied here before a call and back after it. */
export const STATE: usize = 1024;
/** Words before tempering: two for each of PIECE elements. */
export const RAW: usize = 4096;
export const PIECE: i32 = 2048;
/** The decisions of a call, at most 65,536 of them. */
export const MASK: usize = 20480;
