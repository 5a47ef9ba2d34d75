// A whole article: whether what the machine found are quotations, and which it missed.

import { copyOf, say, slot } from "./client.js";
import { Stretch, render, select, selected } from "./passage.js";
import { Missing } from "./quotation.js";

const EXCERPT = 160; // letters of a quotation that name it in the list

export class ArticleForm {
  constructor(item, place) {
    this.item = item;
    this.place = place;
    this.stretch = new Stretch(item.context.text, item.context.start, item.language);
    this.missed = [];
    this.cursor = null;
    this.list = copyOf("article-questions");
    place.editing.hidden = true;
    place.questions.replaceChildren(this.list);
    this.found = item.found.map((one) => this.foundQuestion(one));
    slot(this.list, "found").append(...this.found);
    slot(this.list, "mark").addEventListener("click", () => this.mark("content"));
    const { passage } = place;
    passage.tabIndex = 0;
    passage.setAttribute("role", "application");
    passage.onkeydown = (event) => this.press(event);
    this.draw();
  }

  content() {
    const open = this.found.find((question) => !question.querySelector("input:checked"));
    if (open) throw new Missing(open, "Is this a quotation?");
    const nameless = this.missed.find(({ question }) => !isNamed(question));
    if (nameless) throw new Missing(nameless.question, "Who says it?");
    return this.draft();
  }

  draft() {
    const judged = this.found.map((question) => question.querySelector("input:checked")?.value);
    const found = this.item.found.map(({ key }, index) => [key, judged[index] === "yes"]);
    return {
      found: Object.fromEntries(found.filter((_, index) => judged[index] !== undefined)),
      missed: this.missed.map(({ content, cue, source, question }) => ({
        content,
        cue,
        source,
        speaker: { name: slot(question, "name").value.trim(), kind: slot(question, "kind").value },
      })),
    };
  }

  /** Enters an answer, which may be a part of one; what was marked before goes. */
  fill({ found = {}, missed = [] }) {
    this.item.found.forEach(({ key }, index) => {
      if (key in found) this.found[index].querySelector(`input[value=${found[key] ? "yes" : "no"}]`).checked = true;
    });
    for (const { question } of this.missed) question.remove();
    this.missed = [];
    for (const one of missed) this.addMissed(one);
    this.draw();
  }

  choose(digit) {
    const question = document.activeElement.closest("[data-question=found]");
    const choice = question?.querySelectorAll("input")[Number(digit) - 1];
    if (!choice) return false;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    this.go(1);
    return true;
  }

  go(direction) {
    const asked = [...this.place.questions.querySelectorAll("[data-question]")];
    const here = asked.indexOf(document.activeElement.closest("[data-question]"));
    const next = asked[here + direction];
    if (next) focusOn(next);
    else this.place.passage.focus();
  }

  begin() {
    if (this.found.length) focusOn(this.found[0]);
    else this.place.passage.focus({ preventScroll: true });
  }

  spoken() {
    const count = this.item.found.length;
    return `A whole article. ${count} ${count === 1 ? "quotation was" : "quotations were"} found. Mark those that were missed.`;
  }

  /** Marks what is selected: as a new quotation, or as source or verb of the one marked last. */
  mark(part) {
    const span = selected(this.place.passage, this.stretch) ?? this.cursor;
    if (!span) return say("Select words in the article first.");
    if (part === "content") {
      const question = this.addMissed({ content: [span], cue: [], source: [], speaker: { name: "", kind: "person" } });
      this.draw();
      this.changed();
      slot(question, "name").focus();
      return say(`Marked: ${this.stretch.of(span)}. Who says it?`);
    }
    const last = this.missed.at(-1);
    if (!last) return say("Mark a quotation first.");
    last[part] = [span];
    const name = slot(last.question, "name");
    if (part === "source" && !name.value.trim()) name.value = this.stretch.of(span);
    this.draw();
    this.changed();
    return say(`${part === "source" ? "Source" : "Verb of saying"}: ${this.stretch.of(span)}`);
  }

  /** Arrow keys go from word to word, with Shift they reach further; up and down go by paragraphs. */
  press(event) {
    const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
    if (!forward && event.key !== "ArrowLeft" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const { stretch } = this;
    const from = this.cursor ?? [stretch.start, stretch.start];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.cursor = this.paragraphBeside(from, forward);
    else if (event.shiftKey) this.cursor = reaching(stretch, from, forward);
    else {
      const edge = stretch.step(forward ? from[1] : from[0], forward);
      this.cursor = forward ? [stretch.step(edge, false), edge] : [edge, stretch.step(edge, true)];
    }
    select(this.place.passage, stretch, this.cursor);
    say(stretch.of(this.cursor));
  }

  /** The first word of the next or the last paragraph. */
  paragraphBeside([start], forward) {
    const paragraphs = this.stretch.paragraphs();
    const here = paragraphs.findLastIndex((one) => one[0] <= start);
    const [first] = paragraphs[Math.min(Math.max(here + (forward ? 1 : -1), 0), paragraphs.length - 1)];
    return [first, this.stretch.step(first, true)];
  }

  draw() {
    const found = this.item.found.flatMap((one) => marksOf(one, "content"));
    const missed = this.missed.flatMap((one) => marksOf(one, "content missed"));
    render(this.place.passage, this.stretch, [...found, ...missed]);
  }

  changed() {
    this.list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  foundQuestion({ key, content, speaker }) {
    const question = copyOf("found-question");
    slot(question, "words").textContent = this.excerpt(content);
    slot(question, "speaker").textContent = speaker?.name || "no speaker found";
    for (const input of question.querySelectorAll("input")) input.name = `found:${key}`;
    return question;
  }

  addMissed({ content, cue, source, speaker }) {
    const question = copyOf("missed-question");
    const one = { content, cue, source, question };
    slot(question, "words").textContent = this.excerpt(content);
    slot(question, "name").value = speaker.name;
    slot(question, "kind").value = speaker.kind;
    slot(question, "remove").addEventListener("click", () => {
      this.missed.splice(this.missed.indexOf(one), 1);
      question.remove();
      this.draw();
      this.changed();
      this.place.passage.focus({ preventScroll: true });
    });
    this.missed.push(one);
    slot(this.list, "missed").append(question);
    return question;
  }

  excerpt(content) {
    const words = content.map((span) => this.stretch.of(span)).join(" … ");
    return words.length > EXCERPT ? `${words.slice(0, EXCERPT)} …` : words;
  }
}

function reaching(stretch, [start, end], forward) {
  const reached = stretch.step(end, forward);
  return reached > start ? [start, reached] : [start, end];
}

function marksOf(one, kind) {
  return [
    ...one.content.map((span) => ({ kind, span })),
    ...one.cue.map((span) => ({ kind: "cue", span })),
    ...one.source.map((span) => ({ kind: "source", span })),
  ];
}

function isNamed(question) {
  return slot(question, "kind").value === "unnamed" || slot(question, "name").value.trim() !== "";
}

function focusOn(question) {
  (question.querySelector("input:checked") ?? question.querySelector("input")).focus({ preventScroll: true });
  question.scrollIntoView({ block: "nearest" });
}
