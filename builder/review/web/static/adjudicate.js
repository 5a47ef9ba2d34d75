// The ruling on an item that people answered differently: take one's answer, or make another.

import { Missing, QuotationForm, showHead } from "./quotation.js";
import { dataOf, isTyping, say, send, showTrouble } from "./client.js";

const { keys } = dataOf("settings");
const item = dataOf("item");
const given = dataOf("answers-given");
const part = (id) => document.getElementById(id);
const place = { passage: part("passage"), editing: part("editing"), questions: part("questions") };
const form = await formOf();
let busy = false;

const actions = {
  guidelines: () => (part("guidelines").open ? part("guidelines").close() : part("guidelines").showModal()),
  edit: () => form.edit?.(),
  none: () => form.reject?.(),
  speaker: () => form.toSpeaker?.(),
  note: () => part("reason").focus(),
  next: () => form.go(1),
  previous: () => form.go(-1),
  mark: () => form.mark?.("content"),
  source: () => form.mark?.("source"),
  cue: () => form.mark?.("cue"),
};

start();

function start() {
  showHead(item);
  document.querySelector("[data-action=guidelines]").addEventListener("click", actions.guidelines);
  for (const button of document.querySelectorAll("[data-take]")) {
    button.addEventListener("click", () => take(Number(button.dataset.take)));
  }
  part("answer").addEventListener("submit", (event) => {
    event.preventDefault();
    settle();
  });
  document.addEventListener("keydown", press);
  form.begin();
}

async function formOf() {
  if (item.kind === "quotation") {
    const asked = new QuotationForm(item, dataOf("labels"), place, { suggesting: false });
    asked.fill(agreedUpon());
    return asked;
  }
  const { ArticleForm } = await import("./article.js");
  const asked = new ArticleForm(item, place);
  asked.fill(agreedUponInArticle());
  return asked;
}

function same(values) {
  return values.length > 0 && new Set(values.map((one) => JSON.stringify(one))).size === 1;
}

/** What all answers to a whole article have in common. */
function agreedUponInArticle() {
  const keys = item.found.map(({ key }) => key).filter((key) => same(given.map((one) => one.found[key])));
  const marked = (one, mark) => one.missed.some((other) => same([mark, other]));
  return {
    found: Object.fromEntries(keys.map((key) => [key, given[0].found[key]])),
    missed: given.length ? given[0].missed.filter((mark) => given.every((one) => marked(one, mark))) : [],
  };
}

/** What all answers have in common: only the rest is left to decide. */
function agreedUpon() {
  const common = {};
  for (const field of ["quotation", "speaker"]) {
    if (same(given.map((one) => one[field]))) common[field] = given[0][field];
  }
  const stances = item.targets
    .filter(({ id }) => given.every((one) => one.stances && id in one.stances))
    .filter(({ id }) => same(given.map((one) => one.stances[id])))
    .map(({ id }) => [id, given[0].stances[id]]);
  common.stances = Object.fromEntries(stances);
  return common;
}

/** Fills the form with somebody's answer. */
function take(number) {
  const content = given[number];
  if (!content) return;
  form.fill(content);
  say("Taken over. Give the reason and settle it.");
  part("reason").focus();
}

async function settle() {
  if (busy) return;
  const reason = part("reason").value.trim();
  let content;
  try {
    content = form.content();
  } catch (problem) {
    if (!(problem instanceof Missing)) throw problem;
    say(problem.message);
    problem.focus();
    return;
  }
  if (!reason) {
    say("A ruling needs its reason.");
    part("reason").focus();
    return;
  }
  busy = true;
  part("accept").disabled = true;
  try {
    await send("POST", `/api/items/${item.id}/ruling`, { content, reason });
    location.assign(dataOf("after"));
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    showTrouble(refusal.message, "Nothing was saved; what you entered is still here.", [["Try again", settle]]);
    part("accept").disabled = false;
    busy = false;
  }
}

function press(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey && event.key === "Enter") settle();
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isTyping(event)) event.target.blur();
  if (isTyping(event)) return;
  if (act(event)) event.preventDefault();
}

function act(event) {
  const digit = /^Digit([1-9])$/.exec(event.code);
  // On some keyboards a digit itself is typed with Shift: that is the number of an option.
  if (event.shiftKey && digit && !/^[0-9]$/.test(event.key)) {
    take(Number(digit[1]) - 1);
    return true;
  }
  const action = Object.keys(actions).find((name) => keys[name] === event.key);
  if (action) {
    actions[action]();
    return true;
  }
  if (/^[0-9]$/.test(event.key)) return form.choose(event.key);
  if (event.key !== "Enter" || event.target.closest("button, a, summary")) return false;
  settle();
  return true;
}
