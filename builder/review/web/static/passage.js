// A stretch of an article, its spans, and the places between its letters.
//
// The server counts Unicode code points, a JavaScript string UTF-16 units. `Stretch` is the only
// place where one becomes the other: everything outside it speaks of code points in the document.

// What would make hostile text act instead of showing: control characters and everything that
// overrides or embeds a direction. Each is shown as one visible character, so no offset moves.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;
const NULL_PICTURE = 0x2400;
const DELETE_PICTURE = "\u2421";
const UNSHOWN = "\ufffd";

const WORD = /[\p{L}\p{N}]/u;

/** The text with a picture in place of every character that would not show. */
export function shown(text) {
  return text.replace(CONTROL, (one) => {
    const code = one.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(NULL_PICTURE + code);
    return code === 0x7f ? DELETE_PICTURE : UNSHOWN;
  });
}

/** Text that begins at a code point of a document, with steps from word to word and letter to letter. */
export class Stretch {
  constructor(text, start = 0, language = undefined) {
    this.text = text;
    this.start = start;
    this.units = unitsOfCodePoints(text);
    this.end = start + (this.units ? this.units.length - 1 : text.length);
    const locale = supported(language);
    this.words = new Intl.Segmenter(locale, { granularity: "word" }).segment(text);
    this.letters = new Intl.Segmenter(locale, { granularity: "grapheme" }).segment(text);
  }

  /** The UTF-16 unit at which a code point of the document begins; both are clipped to the stretch. */
  unitOf(point) {
    const inside = Math.min(Math.max(point, this.start), this.end) - this.start;
    return this.units ? this.units[inside] : inside;
  }

  /** The code point of the document that begins at a UTF-16 unit, or in whose middle it lies. */
  pointOf(unit) {
    if (!this.units) return this.start + Math.min(Math.max(unit, 0), this.text.length);
    let low = 0;
    let high = this.units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.units[middle] <= unit) low = middle;
      else high = middle - 1;
    }
    return this.start + low;
  }

  /** The text of a span of code points. */
  of([start, end]) {
    return this.text.slice(this.unitOf(start), this.unitOf(end));
  }

  /** The next place where an edge may stand: the begin or end of a word, or of a letter with its marks. */
  step(point, forward, byLetter = false) {
    const segments = byLetter ? this.letters : this.words;
    let unit = this.unitOf(point);
    for (;;) {
      const segment = segments.containing(forward ? unit : unit - 1);
      if (!segment) return forward ? this.end : this.start;
      unit = forward ? segment.index + segment.segment.length : segment.index;
      // Blanks are no place to stop: an edge belongs to the word or mark beside it.
      if (byLetter || segment.segment.trim()) return this.pointOf(unit);
    }
  }

  /** Where the start or the end of a span comes to stand when it moves on: never beside a blank. */
  stepEdge(side, point, forward, byLetter = false) {
    let unit = this.unitOf(this.step(point, forward, byLetter));
    if (side === "start" && forward) while (/\s/u.test(this.text.charAt(unit))) unit += 1;
    if (side === "end" && !forward) while (unit > 0 && /\s/u.test(this.text.charAt(unit - 1))) unit -= 1;
    return this.pointOf(unit);
  }

  /** A span grown to whole words and shorn of blanks; null if nothing is left of it. */
  toWords([start, end]) {
    let first = this.unitOf(start);
    let last = this.unitOf(end);
    const before = this.words.containing(first);
    if (before && WORD.test(before.segment)) first = before.index;
    const after = last > 0 ? this.words.containing(last - 1) : undefined;
    if (after && WORD.test(after.segment)) last = after.index + after.segment.length;
    const cut = this.text.slice(first, last);
    first += cut.length - cut.trimStart().length;
    last -= cut.length - cut.trimEnd().length;
    return first < last ? [this.pointOf(first), this.pointOf(last)] : null;
  }

  /** The paragraphs, each with the line ends after it, so that together they are the whole stretch. */
  paragraphs() {
    const starts = [...this.text.matchAll(/[^\n]*[^\s][^\n]*/gu)].map((match) => this.pointOf(match.index));
    if (starts.length) starts[0] = this.start;
    return starts.map((start, index) => [start, starts[index + 1] ?? this.end]);
  }
}

/** The UTF-16 unit of every code point and of the end; null where both count alike. */
function unitsOfCodePoints(text) {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return null;
  const units = [];
  let unit = 0;
  for (const one of text) {
    units.push(unit);
    unit += one.length;
  }
  units.push(unit);
  return units;
}

function supported(language) {
  try {
    return Intl.Segmenter.supportedLocalesOf(language ?? [])[0];
  } catch {
    return undefined; // a language tag that is none
  }
}

/**
 * Fills `container` with the paragraphs of a stretch, `marks` ({kind, span}) made visible.
 *
 * Every letter stands in a text node; where marks overlap, a piece carries the kinds of all of them.
 * `edges` ({point, side, element}) are elements that stand at the start or the end of a span.
 * Paragraphs that `focus` does not touch step back.
 */
export function render(container, stretch, marks, edges = [], focus = null) {
  const paragraphs = stretch.paragraphs().map((span) => {
    const paragraph = document.createElement("p");
    paragraph.dir = "auto";
    if (focus && (span[1] <= focus[0] || focus[1] <= span[0])) paragraph.className = "aside";
    paragraph.append(...pieces(stretch, span, marks, edges));
    return paragraph;
  });
  container.replaceChildren(...paragraphs);
}

function pieces(stretch, [start, end], marks, edges) {
  const here = edges.filter(({ point, side }) =>
    side === "start" ? start <= point && point < end : start < point && point <= end,
  );
  const wanted = [...marks.flatMap((mark) => mark.span), ...here.map((edge) => edge.point)];
  const cuts = new Set([start, ...wanted.filter((point) => start < point && point < end), end]);
  const points = [...cuts].sort((one, other) => one - other);
  return points.flatMap((point, index) => [
    ...here.filter((edge) => edge.point === point).map((edge) => edge.element),
    ...(index + 1 < points.length ? [piece(stretch, [point, points[index + 1]], marks)] : []),
  ]);
}

function piece(stretch, span, marks) {
  const covering = marks.filter((mark) => mark.span[0] <= span[0] && span[1] <= mark.span[1]);
  const element = document.createElement(covering.length ? "mark" : "span");
  element.className = [...new Set(covering.map((mark) => mark.kind))].join(" ");
  element.dataset.unit = stretch.unitOf(span[0]);
  element.append(shown(stretch.of(span)));
  return element;
}

/** The code point at a position of the rendered text; null where the node is not part of it. */
export function pointAt(container, stretch, node, offset) {
  if (!container.contains(node)) return null;
  if (node.nodeType === Node.TEXT_NODE && node.parentElement.dataset.unit !== undefined) {
    return stretch.pointOf(Number(node.parentElement.dataset.unit) + offset);
  }
  // Between elements: the place is where the next rendered piece begins, or where the last one ends.
  const range = document.createRange();
  range.setStart(node, offset);
  const all = [...container.querySelectorAll("[data-unit]")];
  const next = all.find((piece) => range.comparePoint(piece, 0) > 0);
  if (next) return stretch.pointOf(Number(next.dataset.unit));
  const last = all.at(-1);
  return last ? stretch.pointOf(Number(last.dataset.unit) + last.textContent.length) : null;
}

/** The span of code points that is selected in the rendered text, in whole words; null if none is. */
export function selected(container, stretch) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = pointAt(container, stretch, range.startContainer, range.startOffset);
  const end = pointAt(container, stretch, range.endContainer, range.endOffset);
  return start === null || end === null ? null : stretch.toWords([start, end]);
}

/** Selects a span of code points in the rendered text and brings it into view. */
export function select(container, stretch, span) {
  const all = [...container.querySelectorAll("[data-unit]")];
  const place = (point, side) => {
    const unit = stretch.unitOf(point);
    const piece = all.findLast((one) => (side === "end" ? one.dataset.unit < unit : one.dataset.unit <= unit));
    return piece ? [piece.firstChild, unit - piece.dataset.unit] : [all[0].firstChild, 0];
  };
  getSelection().setBaseAndExtent(...place(span[0], "start"), ...place(span[1], "end"));
  getSelection().focusNode.parentElement.scrollIntoView({ block: "nearest" });
}

/** The code point under the pointer; null where no text is. */
export function pointUnder(container, stretch, x, y) {
  const place = document.caretPositionFromPoint?.(x, y);
  const range = place ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = place ? [place.offsetNode, place.offset] : [range?.startContainer, range?.startOffset];
  return node ? pointAt(container, stretch, node, offset) : null;
}
