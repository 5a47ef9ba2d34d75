// The review session: an item at a time, answered, skipped or undone, and no answer ever lost.

import { dataOf, isTyping, say, send, showTrouble } from "./client.js";
import { Missing, QuotationForm, showHead } from "./quotation.js";

const { campaign, annotator, keys } = dataOf("settings"); // keys: the key of each action
const labels = dataOf("labels");
const queue = `/api/campaigns/${encodeURIComponent(campaign)}`;
const part = (id) => document.getElementById(id);
const place = { passage: part("passage"), editing: part("editing"), questions: part("questions") };

let claim = dataOf("claim"); // the item at hand, its lease, and what was answered before; null: nothing left
let form = null;
let flagged = false;
let shownAt = 0;
let beat = 0;
let busy = false;

const actions = {
  skip: () => claim && part("skip").showModal(),
  flag: () => flag(!flagged),
  undo: () => ask(() => send("POST", `${queue}/undo`), showEarlier),
  guidelines: () => toggle(part("guidelines")),
  help: () => toggle(part("help")),
  edit: () => form?.edit?.(),
  none: () => form?.reject?.(),
  speaker: () => form?.toSpeaker?.(),
  mark: () => form?.mark?.("content"),
  source: () => form?.mark?.("source"),
  cue: () => form?.mark?.("cue"),
  note: () => part("note").focus(),
  next: () => form?.go(1),
  previous: () => form?.go(-1),
};

start();

function start() {
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => actions[button.dataset.action]());
  }
  part("answer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part("answer").addEventListener("change", keepDraft);
  part("answer").addEventListener("input", keepDraft);
  part("skip").addEventListener("close", skip);
  part("skip").addEventListener("keydown", pressInSkip);
  part("look-again").addEventListener("click", next);
  document.addEventListener("keydown", press);
  // Whoever has begun to answer may soon edit a boundary.
  document.addEventListener("keydown", () => import("./boundaries.js"), { once: true });
  show(claim);
}

/** Shows an item that was handed out, or that nothing is left. */
async function show(handedOut) {
  claim = handedOut;
  clearInterval(beat);
  clearTrouble();
  const nothing = claim === null;
  part("finished").hidden = !nothing;
  part("answer").hidden = nothing;
  document.querySelector(".article").hidden = nothing;
  form = null;
  place.passage.onkeydown = null;
  if (nothing) {
    say("Nothing is left for you here.");
    return;
  }
  const { item, previous, lease } = claim;
  showHead(item);
  const { content, note, marked } = draftOf(item) ?? { content: previous?.content, note: previous?.note, marked: previous?.flagged };
  // Filling the form keeps a draft, with the note and the flag as they are then.
  part("note").value = note ?? "";
  flag(Boolean(marked), false);
  form = await formOf(item);
  if (content) form.fill(content);
  shownAt = performance.now();
  beat = setInterval(renew, (1000 * lease.seconds) / 3);
  bringToView();
  form.begin();
  say(form.spoken());
}

/** Shows the item that an undo brought back; what others have by now, and could not be, is told. */
async function showEarlier(earlier) {
  if (!earlier) return void say("There is nothing to undo.");
  await show(earlier);
  const passed = earlier.passed_over;
  if (passed) {
    const skips = passed === 1 ? "The item that you skipped last was" : `The ${passed} items that you skipped last were`;
    showTrouble(`${skips} given to others since.`, "This is what you did before.", []);
  }
}

async function formOf(item) {
  if (item.kind === "quotation") return new QuotationForm(item, labels, place);
  const { ArticleForm } = await import("./article.js");
  return new ArticleForm(item, place);
}

/** Puts the quotation where it can be seen: at the top if it fits there, else in the middle. */
function bringToView() {
  scrollTo(0, 0);
  const words = place.passage.querySelector("mark.content");
  if (words && words.getBoundingClientRect().bottom > innerHeight) words.scrollIntoView({ block: "center" });
}

async function submit() {
  if (!form || busy) return;
  if (claim.finished) return void next();
  let content;
  try {
    content = form.content();
  } catch (problem) {
    if (!(problem instanceof Missing)) throw problem;
    say(problem.message);
    problem.focus();
    return;
  }
  const seconds = Math.round((performance.now() - shownAt) / 100) / 10;
  const body = { lease: claim.lease.token, content, note: part("note").value.trim() || null, flagged, seconds };
  await ask(() => send("POST", "/api/submit", body), finish, submit);
}

async function skip() {
  const dialog = part("skip");
  if (dialog.returnValue !== "skip") return;
  dialog.returnValue = "";
  const { reason, words } = Object.fromEntries(new FormData(dialog.querySelector("form")));
  const body = { lease: claim.lease.token, reason: words.trim() || reason, flagged };
  dialog.querySelector("form").reset();
  await ask(() => send("POST", "/api/skip", body), finish, () => ask(() => send("POST", "/api/skip", body), finish));
}

/** The item at hand is done with: its draft goes, the next item comes. */
async function finish() {
  sessionStorage.removeItem(draftKey(claim.item));
  claim.finished = true;
  await next();
}

async function next() {
  busy = false;
  await ask(() => send("POST", `${queue}/next`), show, next);
}

/** Does something with the server; what goes wrong is shown, with a way on, and nothing that was entered is lost. */
async function ask(request, then, again = null) {
  if (busy) return;
  busy = true;
  part("accept").disabled = true;
  try {
    const answer = await request();
    clearTrouble();
    await then(answer);
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    tell(refusal, again);
  } finally {
    busy = false;
    part("accept").disabled = false;
  }
}

/** Renews the lease; that it has ended is said at once, and not only when the answer is sent. */
async function renew() {
  try {
    await send("POST", "/api/heartbeat", { lease: claim.lease.token });
  } catch (refusal) {
    if (refusal.status === 409) {
      clearInterval(beat);
      tell(refusal);
    }
  }
}

function tell(refusal, again) {
  const kept = "What you entered is still here";
  const retry = again ? [["Try again", again]] : [];
  if (!claim || claim.finished) showTrouble(refusal.message, "", retry);
  else if (refusal.status === 409) {
    const hint = `${kept}, and comes back with the item, which you get again if nobody else has it.`;
    showTrouble(refusal.message, hint, [["Go on", leave]]);
  } else if (refusal.status === 401) {
    showTrouble(refusal.message, `${kept}. Log in in another tab, then try again.`, [["Log in", "/login"], ...retry]);
  } else showTrouble(refusal.message, `Nothing was saved. ${kept}.`, retry);
}

/** Leaves an item whose lease has ended; its draft stays for when it comes again. */
function leave() {
  keepDraft();
  claim.finished = true;
  next();
}

function clearTrouble() {
  part("trouble").replaceChildren();
}

function flag(on, aloud = true) {
  flagged = on;
  document.querySelector("[data-action=flag]").setAttribute("aria-pressed", String(on));
  if (!aloud) return;
  keepDraft();
  say(on ? "Flagged. The note can say why." : "Not flagged.");
}

/** Keeps what is entered in the tab, so that a reload or a crash of the page loses nothing. */
function keepDraft() {
  if (!form || !claim || claim.finished) return;
  const draft = { content: form.draft(), note: part("note").value, marked: flagged };
  sessionStorage.setItem(draftKey(claim.item), JSON.stringify(draft));
}

function draftOf(item) {
  const kept = sessionStorage.getItem(draftKey(item));
  return kept === null ? null : JSON.parse(kept);
}

function draftKey(item) {
  return `draft of ${annotator}: ${item.campaign} ${item.id}`;
}

function press(event) {
  const open = document.querySelector("dialog[open]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    if (event.ctrlKey && event.key === "Enter" && !event.altKey) {
      event.preventDefault();
      confirm(open);
    }
    return;
  }
  if (event.key === "Escape" && !open && isTyping(event)) return void event.target.blur();
  if (isTyping(event)) return;
  if (open) {
    // The key that opened a page of help closes it.
    if (event.key === keys.guidelines || event.key === keys.help) open.close();
    return;
  }
  if (act(event)) event.preventDefault();
}

/** Saves from a field of text: the reason of a skip where that is asked for, otherwise the answer. */
function confirm(open) {
  if (!open) submit();
  else if (open.id === "skip") open.querySelector("form").requestSubmit(open.querySelector("[value=skip]"));
}

/** Does what a key is for; false if it is for nothing here. */
function act(event) {
  const action = Object.keys(keys).find((name) => keys[name] === event.key);
  if (action) {
    actions[action]();
    return true;
  }
  if (!form) return false;
  if (/^[0-9]$/.test(event.key)) return form.choose(event.key);
  if (event.key === "Enter" && !event.target.closest("button, a, summary")) {
    submit();
    return true;
  }
  return false;
}

function pressInSkip(event) {
  if (isTyping(event)) return;
  const choice = part("skip-reasons").querySelectorAll("input")[Number(event.key) - 1];
  if (!choice) return;
  choice.checked = true;
  choice.focus();
  event.preventDefault();
}

function toggle(dialog) {
  if (dialog.open) dialog.close();
  else dialog.showModal();
}
