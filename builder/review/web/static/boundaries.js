// Editing where a quotation's words, its verb of saying and its source begin and end.
//
// Every edge is a slider: arrows move it by a word, with Shift by a letter, and it can be dragged.

import { say } from "./client.js";
import { pointUnder, render, selected } from "./passage.js";

const PARTS = [
  ["content", "Quotation"],
  ["cue", "Verb of saying"],
  ["source", "Source"],
];

export class BoundaryEditor {
  /** Edits a copy of `boundaries`; `done` gets the new ones, or null where they stay as they were. */
  constructor({ passage, editing }, stretch, boundaries, paragraph, done) {
    this.passage = passage;
    this.toolbar = editing;
    this.stretch = stretch;
    this.paragraph = paragraph;
    this.done = done;
    this.spans = Object.fromEntries(PARTS.map(([part]) => [part, boundaries[part].map((span) => [...span])]));
    this.part = "content";
    this.index = 0;
    this.listening = new AbortController();
    const { signal } = this.listening;
    passage.addEventListener("mouseup", () => this.takeSelection(), { signal });
    passage.addEventListener("keydown", (event) => this.press(event), { signal });
    editing.addEventListener("keydown", (event) => this.pressTool(event), { signal });
    this.fillToolbar();
    this.focus("start");
  }

  /** Ends the editing; the boundaries are kept unless `keep` is false. */
  close(keep = true) {
    this.listening.abort();
    this.toolbar.hidden = true;
    this.toolbar.replaceChildren();
    const kept = Object.fromEntries(PARTS.map(([part]) => [part, merged(this.spans[part])]));
    this.done(keep && kept.content.length ? kept : null);
    say(keep ? `Boundaries: ${kept.content.map((span) => this.stretch.of(span)).join(" … ")}` : "Boundaries as before");
  }

  fillToolbar() {
    this.choices = PARTS.map(([part, name]) => {
      const choice = button(name, () => this.choosePart(part));
      choice.dataset.part = part;
      return choice;
    });
    const group = row(...this.choices);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "What to edit");
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent =
      "Arrow keys move an edge by a word, with Shift by a letter; Tab goes to the other edge. Or select the words with the mouse.";
    const keep = button("Done", () => this.close(), "Enter");
    keep.classList.add("primary", "push");
    this.toolbar.replaceChildren(
      group,
      hint,
      row(
        button("Add a part", () => this.add(), "+"),
        button("Remove part", () => this.remove(), "Del"),
        button("As before", () => this.close(false), "Esc"),
        keep,
      ),
    );
    this.toolbar.hidden = false;
  }

  choosePart(part) {
    this.part = part;
    this.index = 0;
    if (this.spans[part].length) this.focus("start");
    else this.add();
  }

  /** Adds a part of one word: the one after the last part, or the first of the paragraph. */
  add() {
    const spans = this.spans[this.part];
    const from = spans.length ? Math.max(...spans.map(([, end]) => end)) : this.paragraph[0];
    spans.push(this.wordFrom(from) ?? this.wordFrom(this.stretch.start));
    this.index = spans.length - 1;
    this.focus("start");
  }

  wordFrom(point) {
    const end = this.stretch.step(point, true);
    return end > point ? this.stretch.toWords([point, end]) : null;
  }

  /** Removes the part at hand; the last part of the quotation itself stays. */
  remove() {
    const spans = this.spans[this.part];
    if (this.part === "content" && spans.length === 1) return say("A quotation has at least one part.");
    spans.splice(this.index, 1);
    this.index = Math.max(0, this.index - 1);
    if (!spans.length) {
      this.part = "content";
      this.index = 0;
    }
    return this.focus("start");
  }

  /** Moves an edge of the part at hand; the other edge gives way, so that a letter is always left. */
  move(side, point) {
    const span = this.spans[this.part][this.index];
    const inside = Math.min(Math.max(point, this.stretch.start), this.stretch.end);
    if (side === "start") {
      span[0] = Math.min(inside, this.stretch.step(this.stretch.end, false, true));
      if (span[1] <= span[0]) span[1] = this.stretch.step(span[0], true);
    } else {
      span[1] = Math.max(inside, this.stretch.step(this.stretch.start, true, true));
      if (span[0] >= span[1]) span[0] = this.stretch.step(span[1], false);
    }
    this.focus(side);
  }

  takeSelection() {
    const span = selected(this.passage, this.stretch);
    if (!span) return;
    getSelection().removeAllRanges();
    this.spans[this.part][this.index] = span;
    this.focus("end");
    say(this.stretch.of(span));
  }

  press(event) {
    const handle = event.target.closest(".handle");
    if (!handle) return;
    const { side } = handle.dataset;
    this.part = handle.dataset.part;
    this.index = Number(handle.dataset.index);
    const rightToLeft = getComputedStyle(handle.parentElement).direction === "rtl";
    const edge = this.spans[this.part][this.index][side === "start" ? 0 : 1];
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const forward = (event.key === "ArrowRight") !== rightToLeft;
      this.move(side, this.stretch.stepEdge(side, edge, forward, event.shiftKey));
    } else if (event.key === "Home" || event.key === "End") {
      this.move(side, this.paragraph[event.key === "Home" ? 0 : 1]);
    } else if (event.key === "Enter") this.close();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else return void this.pressTool(event);
    event.preventDefault();
    event.stopPropagation();
  }

  pressTool(event) {
    if (event.key === "Escape") this.close(false);
    else if (event.key === "+") this.add();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  drag(event, handle) {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    this.part = handle.dataset.part;
    this.index = Number(handle.dataset.index);
    const { side } = handle.dataset;
    let point = null;
    const follow = ({ clientX, clientY }) => {
      point = pointUnder(this.passage, this.stretch, clientX, clientY) ?? point;
    };
    const drop = () => {
      handle.removeEventListener("pointermove", follow);
      const word = point === null ? null : this.stretch.toWords([point, point]);
      if (point !== null) this.move(side, word ? word[side === "start" ? 0 : 1] : point);
    };
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("pointerup", drop, { once: true });
  }

  /** Draws everything anew and puts the focus on an edge of the part at hand. */
  focus(side) {
    const edges = this.spans[this.part].flatMap((span, index) => [
      this.edge(span, index, "start"),
      this.edge(span, index, "end"),
    ]);
    const marks = PARTS.flatMap(([part]) =>
      this.spans[part].map((span) => ({ kind: part === this.part ? `${part} selecting` : part, span })),
    );
    render(this.passage, this.stretch, marks, edges, this.paragraph);
    for (const choice of this.choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.part === this.part));
    }
    this.passage.querySelector(`.handle[data-index="${this.index}"][data-side="${side}"]`)?.focus();
  }

  edge(span, index, side) {
    const point = span[side === "start" ? 0 : 1];
    const element = document.createElement("span");
    element.className = "handle";
    element.tabIndex = 0;
    Object.assign(element.dataset, { part: this.part, index, side });
    const [, name] = PARTS.find(([part]) => part === this.part);
    const beside = side === "start" ? [point, this.stretch.step(point, true)] : [this.stretch.step(point, false), point];
    const attributes = {
      role: "slider",
      "aria-label": `${side === "start" ? "Start" : "End"} of ${name.toLowerCase()}`,
      "aria-valuemin": this.stretch.start,
      "aria-valuemax": this.stretch.end,
      "aria-valuenow": point,
      "aria-valuetext": `${side === "start" ? "before" : "after"} ${this.stretch.of(beside)}`,
    };
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.addEventListener("pointerdown", (event) => this.drag(event, element));
    return { point, side, element };
  }
}

/** Spans in order, those that overlap or touch made one. */
export function merged(spans) {
  const found = [];
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

function button(text, act, key = "") {
  const element = document.createElement("button");
  element.type = "button";
  element.append(text);
  if (key) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    cap.ariaHidden = "true";
    element.append(" ", cap);
  }
  element.addEventListener("click", act);
  return element;
}

function row(...children) {
  const element = document.createElement("div");
  element.className = "row";
  element.append(...children);
  return element;
}
