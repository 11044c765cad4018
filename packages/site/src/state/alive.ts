/** The mark that the browser's timeline has as soon as all parts of the page that was built answer. */
export const ALIVE = "hadamask: alive";
