// Talking to the server, and the few things that every page with a script does alike.

let token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** What the server answered instead of doing what was asked; `code` is empty where it was not reached. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Sends JSON and returns the JSON of the answer, null where it has none; throws a `Refusal`. */
export async function send(method, path, body = undefined) {
  let response = await reach(method, path, body);
  // Whoever logged in again in another tab has another token: the page goes on with that one.
  if (response.status === 403 && (await renewToken())) response = await reach(method, path, body);
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    throw new Refusal(response.status, answer?.error ?? "", answer?.message ?? `The server answered ${response.status}.`);
  }
  return answer;
}

async function reach(method, path, body) {
  try {
    return await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, "", "The server cannot be reached.");
  }
}

async function renewToken() {
  const response = await reach("GET", "/api/me");
  const fresh = response.ok ? (await response.json()).csrf : token;
  const renewed = fresh !== token;
  token = fresh;
  return renewed;
}

/** The data that the page carries in a `<script type="application/json">`. */
export function dataOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** Shows what went wrong, what became of what was entered, and ways on: [text, what it does or where it leads]. */
export function showTrouble(message, hint, ways) {
  const banner = copyOf("trouble-banner");
  const [text, more] = banner.querySelectorAll("p");
  text.textContent = message;
  more.textContent = hint;
  const buttons = ways.map(([name, way]) => {
    const element = document.createElement(typeof way === "string" ? "a" : "button");
    element.textContent = name;
    if (typeof way === "string") Object.assign(element, { href: way, target: "_blank", className: "button" });
    else element.addEventListener("click", () => way());
    return element;
  });
  banner.querySelector(".row").append(...buttons);
  document.getElementById("trouble").replaceChildren(banner);
  banner.scrollIntoView({ block: "nearest" });
  buttons[0]?.focus({ preventScroll: true });
}

/** A copy of what a `<template>` of the page holds. */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** The part of an element that its template names. */
export function slot(element, name) {
  return element.querySelector(`[data-slot="${name}"]`);
}

/** Says something to people who hear the page. */
export function say(message) {
  document.getElementById("live").textContent = message;
}

/** Whether a key press is meant for a field of text and not for the page. */
export function isTyping(event) {
  return event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select") !== null;
}
