// Text from files and names as it may stand in a terminal or on a page: what steers a terminal, breaks a line or turns
// the direction of writing is shown, not obeyed.

/** Control characters, line ends, and what is invisible or turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ODD = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** "\u001b" for ESC: as JSON writes it, so that JSON stays JSON. */
const shown = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** One line that can be printed anywhere. */
export const printable = (text: string): string => text.replace(ODD, shown);

/** Line ends, tabs and colours are the command's own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the control character ESC
const OWN = /(\n|\t|\u001b\[\d{1,2}m)/;

/** Lines and tabs are the command's own, colours are not: errors and progress have none. */
const PLAIN = /(\n|\t)/;

/** Lines of the command's own, with what slipped into them from elsewhere made visible. */
export const printableLines = (text: string): string => between(text, OWN);

/** The same where nothing is coloured. */
export const plainLines = (text: string): string => between(text, PLAIN);

const between = (text: string, own: RegExp): string =>
  text.search(ODD) < 0
    ? text
    : text
        .split(own)
        .map((part, i) => (i % 2 === 0 ? printable(part) : part))
        .join("");
