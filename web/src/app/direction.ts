// Which way the page is written. Styles say start and end and never left and right; keys that go along the text do too.
const rightToLeft = /^(ar|fa|he|ur|ps|sd|yi|dv)\b/;

export const directionOf = (language: string) => (rightToLeft.test(language) ? 'rtl' : 'ltr');

/** The arrow key as a page from left to right has it: where the text runs the other way, so do the arrows. */
export function alongText(key: string, direction = document.documentElement.dir) {
  if (direction !== 'rtl') return key;
  return { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }[key] ?? key;
}
