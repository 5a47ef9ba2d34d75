// The questions about one quotation: what its words are, who says them, and where that one stands.

import { copyOf, slot } from "./client.js";
import { Stretch, render } from "./passage.js";

const PARTS = ["content", "cue", "source"];
const NOBODY = { name: "", kind: "unnamed" };
const KEYS_OF_OPTIONS = 9;

/** The form of one item, in the elements of the page that `place` names: passage, editing, questions. */
export class QuotationForm {
  constructor(item, labels, place, { suggesting = true } = {}) {
    this.item = item;
    this.labels = labels;
    this.place = place;
    this.stretch = new Stretch(item.context.text, item.context.start, item.language);
    this.boundaries = Object.fromEntries(PARTS.map((part) => [part, item.quotation[part]]));
    this.rejected = false;
    this.editor = null;
    this.speakers = speakersOf(item);
    place.questions.replaceChildren(
      this.quotationQuestion(),
      this.speakerQuestion(),
      ...item.targets.map((target) => this.stanceQuestion(target)),
    );
    place.editing.hidden = true;
    place.passage.setAttribute("role", "region");
    place.passage.removeAttribute("tabindex");
    this.stances = [...place.questions.querySelectorAll("[data-question=stance]")];
    if (suggesting) this.suggest();
    this.draw();
  }

  /** What the form says; throws `Missing` where a question has no answer. */
  content() {
    if (this.rejected) return { quotation: null };
    for (const question of this.asked()) {
      if (!isAnswered(question)) throw new Missing(question);
    }
    const stances = this.item.targets.map((target, index) => [target.id, labelOf(this.stances[index])]);
    return { quotation: this.boundaries, speaker: this.speaker(), stances: Object.fromEntries(stances) };
  }

  /** What the form says so far, to be kept: `fill` takes it back. */
  draft() {
    const stances = this.item.targets.map((target, index) => [target.id, labelOf(this.stances[index])]);
    return {
      quotation: this.rejected ? null : this.boundaries,
      speaker: this.speaker(),
      stances: Object.fromEntries(stances.filter(([, label]) => label !== undefined)),
    };
  }

  /** Enters an answer, which may be a part of one. */
  fill({ quotation, speaker, stances = {} }) {
    this.reject(quotation === null);
    if (quotation) this.boundaries = { ...this.boundaries, ...quotation };
    if (speaker) this.enterSpeaker(speaker);
    this.item.targets.forEach((target, index) => {
      if (target.id in stances) check(this.stances[index], stances[target.id] ?? "");
    });
    this.draw();
  }

  /** Chooses the option with a number in the question at hand and goes to the next question. */
  choose(digit) {
    const question = this.atHand();
    const option = question?.querySelector(`input[data-digit="${digit}"]:not(:disabled)`);
    if (!option) return false;
    option.checked = true;
    option.dispatchEvent(new Event("change", { bubbles: true }));
    if (option.value === "other") slot(question, "name").focus();
    else this.go(1, question);
    return true;
  }

  /** Moves the focus to the next (1) or the last (-1) question. */
  go(direction, from = this.atHand()) {
    const asked = this.asked();
    const next = asked[asked.indexOf(from) + direction];
    if (next) focusOn(next);
    return next !== undefined;
  }

  /** Moves the focus to the first question without an answer, or to the first stance. */
  begin() {
    const asked = this.asked();
    const first = asked.find((one) => !isAnswered(one)) ?? this.stances[0] ?? asked[0];
    if (!first) return document.getElementById("accept").focus({ preventScroll: true });
    const { questions } = this.place;
    questions.scrollTop = first.offsetTop + first.offsetHeight - questions.clientHeight;
    return (chosen(first) ?? first.querySelector("input")).focus({ preventScroll: true });
  }

  /** What a person who cannot see the page hears of a new item. */
  spoken() {
    const words = this.boundaries.content.map((span) => this.stretch.of(span)).join(" … ");
    const speaker = this.item.speaker?.name ? `Suggested speaker: ${this.item.speaker.name}. ` : "";
    return `Quotation: ${words}. ${speaker}`;
  }

  toSpeaker() {
    if (!this.rejected) focusOn(this.speakerFieldset);
  }

  /** Says whether these words are a quotation at all. */
  reject(rejected = !this.rejected) {
    this.rejected = rejected;
    slot(this.quotationFieldset, "none").setAttribute("aria-pressed", String(rejected));
    slot(this.quotationFieldset, "edit").disabled = rejected;
    for (const one of [this.speakerFieldset, ...this.stances]) one.disabled = rejected;
    if (rejected) this.editor?.close();
    this.draw();
    this.changed();
  }

  /** Opens or closes the editing of boundaries. */
  async edit() {
    if (this.editor) return this.editor.close();
    if (this.rejected) return undefined;
    const { BoundaryEditor } = await loadEditor();
    this.editor = new BoundaryEditor(this.place, this.stretch, this.boundaries, this.item.paragraph, (kept) => {
      this.boundaries = kept ?? this.boundaries;
      this.editor = null;
      this.draw();
      this.changed();
      slot(this.quotationFieldset, "edit").focus();
    });
    return undefined;
  }

  /** Draws the passage with the boundaries as they are now. */
  draw() {
    const marks = this.rejected ? [] : marksOf(this.boundaries);
    render(this.place.passage, this.stretch, marks, [], this.item.paragraph);
  }

  changed() {
    this.place.questions.dispatchEvent(new Event("change", { bubbles: true }));
  }

  quotationQuestion() {
    const question = copyOf("quotation-question");
    const { kind, confidence } = this.item.quotation;
    slot(question, "kind").textContent = `· ${kind}`;
    if (confidence !== null) slot(question, "confidence").textContent = `confidence ${percent(confidence)}`;
    slot(question, "edit").addEventListener("click", () => this.edit());
    slot(question, "none").addEventListener("click", () => this.reject());
    this.quotationFieldset = question;
    return question;
  }

  speakerQuestion() {
    const question = copyOf("speaker-question");
    const options = this.speakers.map((one, index) => {
      const suggestion = one.suggested ? this.item.speaker.confidence : null;
      const detail = one.confidence === null || one.suggested ? one.kind : `${one.kind} · ${percent(one.confidence)}`;
      return option("speaker", String(index), { text: one.name, detail, suggestion, digit: index + 1 });
    });
    const other = Math.min(this.speakers.length + 1, KEYS_OF_OPTIONS);
    options.push(option("speaker", "other", { text: "Somebody else", digit: other }));
    const unknown = this.item.speaker?.name === "" ? this.item.speaker.confidence : null;
    options.push(option("speaker", "nobody", { text: "Nobody can tell", suggestion: unknown, digit: 0 }));
    for (const last of options.slice(-2)) last.classList.add("half");
    slot(question, "options").append(...options);
    question.addEventListener("change", () => {
      slot(question, "typed").hidden = chosen(question)?.value !== "other";
    });
    this.speakerFieldset = question;
    return question;
  }

  stanceQuestion(target) {
    const question = copyOf("stance-question");
    slot(question, "target").textContent = target.name;
    slot(question, "description").textContent = target.description;
    const { label: likely, confidence } = target.suggestion ?? { label: undefined };
    const options = this.labels.map(({ name, key, definition }) =>
      option(`stance:${target.id}`, name, {
        text: name,
        title: definition,
        suggestion: name === likely ? confidence : null,
        digit: key,
      }),
    );
    options.push(option(`stance:${target.id}`, "", { text: "Cannot tell", digit: 0 }));
    slot(question, "options").append(...options);
    return question;
  }

  /** Enters what the model suggests, where it is shown and says something. */
  suggest() {
    if (this.item.speaker) this.enterSpeaker(this.item.speaker);
    this.item.targets.forEach(({ suggestion }, index) => {
      if (suggestion?.label) check(this.stances[index], suggestion.label);
    });
  }

  enterSpeaker({ name, kind }) {
    const known = this.speakers.findIndex((one) => one.name === name && one.kind === kind);
    if (name === "") check(this.speakerFieldset, "nobody");
    else if (known >= 0) check(this.speakerFieldset, String(known));
    else {
      slot(this.speakerFieldset, "name").value = name;
      slot(this.speakerFieldset, "kind").value = kind;
      check(this.speakerFieldset, "other");
    }
  }

  /** The speaker that is chosen or typed; undefined where none is. */
  speaker() {
    const choice = chosen(this.speakerFieldset)?.value;
    if (choice === undefined) return undefined;
    if (choice === "nobody") return NOBODY;
    if (choice !== "other") return { name: this.speakers[choice].name, kind: this.speakers[choice].kind };
    const kind = slot(this.speakerFieldset, "kind").value;
    const name = slot(this.speakerFieldset, "name").value.trim();
    return name || kind === NOBODY.kind ? { name, kind } : undefined;
  }

  asked() {
    return [this.speakerFieldset, ...this.stances].filter((one) => !one.disabled);
  }

  atHand() {
    return document.activeElement.closest("[data-question]:not([data-question=quotation])") ?? this.asked()[0];
  }
}

/** Loads the editor of boundaries, which most items do not need; keys that come meanwhile are not for the form. */
async function loadEditor() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("keydown", swallow, { capture: true });
  try {
    return await import("./boundaries.js");
  } finally {
    document.removeEventListener("keydown", swallow, { capture: true });
  }
}

/** Thrown where a question has no answer yet. */
export class Missing extends Error {
  constructor(question, asked = question.querySelector(".asked").textContent) {
    super(asked);
    this.question = question;
  }

  focus() {
    const name = this.question.querySelector("[data-slot=typed]:not([hidden]) input");
    if (name) name.focus();
    else focusOn(this.question);
  }
}

/** The marks of a quotation's boundaries. */
export function marksOf(boundaries) {
  return PARTS.flatMap((kind) => boundaries[kind].map((span) => ({ kind, span })));
}

/** Whom to choose from: the one suggested, if somebody is, and then the others, each once. */
function speakersOf({ speaker, candidates }) {
  const suggested = speaker?.name ? [{ ...speaker, suggested: true }] : [];
  const others = candidates.filter((one) => one.name && !(one.name === speaker?.name && one.kind === speaker.kind));
  return [...suggested, ...others];
}

function option(group, value, { text, detail = "", title = "", suggestion = null, digit }) {
  const element = copyOf("option");
  const input = element.querySelector("input");
  input.name = group;
  input.value = value;
  input.dataset.digit = digit;
  element.title = title;
  slot(element, "text").textContent = text;
  slot(element, "detail").textContent = detail;
  if (suggestion !== null) slot(element, "suggested").textContent = `suggested ${percent(suggestion)}`;
  slot(element, "key").textContent = digit;
  slot(element, "key").hidden = Number(digit) > KEYS_OF_OPTIONS;
  return element;
}

function chosen(question) {
  return question.querySelector("input:checked");
}

/** The label that is chosen; null for "cannot tell", undefined for nothing yet. */
function labelOf(question) {
  const choice = chosen(question);
  return choice ? choice.value || null : undefined;
}

function isAnswered(question) {
  const choice = chosen(question);
  if (choice?.value !== "other") return choice !== null;
  return slot(question, "name").value.trim() !== "" || slot(question, "kind").value === NOBODY.kind;
}

function check(question, value) {
  const input = [...question.querySelectorAll("input[type=radio]")].find((one) => one.value === value);
  if (!input) return;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function focusOn(question) {
  (chosen(question) ?? question.querySelector("input")).focus({ preventScroll: true });
  question.scrollIntoView({ block: "nearest" });
}

function percent(share) {
  return `${Math.round(100 * share)}\u00a0%`;
}

/** The headline, and where and when the article was published, in the elements of the page. */
export function showHead({ headline, published, site, author, url }) {
  document.getElementById("headline").textContent = headline ?? "Without a headline";
  const byline = document.getElementById("byline");
  const facts = [published, site, author].filter(Boolean).join(" · ");
  byline.replaceChildren(facts);
  if (!/^https?:\/\//.test(url ?? "")) return;
  const link = document.createElement("a");
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer", textContent: "Open the article" });
  byline.append(facts ? " · " : "", link);
}
