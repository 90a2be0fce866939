// What was said, drawn in order: every turn once, with how far it came, and a line where another day begins.

import { day, h, turnView } from "./view.js";

const GROUP_WITHIN = 300; // seconds between turns of one author that stand together

export class Thread {
  #log;
  #views = new Map(); // what was drawn: key to {element, text}

  constructor(log) {
    this.#log = log;
  }

  elementOf(turn) {
    return this.#views.get(keyOf(turn))?.element;
  }

  clear() {
    this.#views.clear();
    this.#log.replaceChildren();
  }

  // `said`: the server's turns, messages that it will never take, those on their way, and whether the line is open.
  draw(said, words) {
    const items = withDays(itemsOf(said), words);
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.#views) {
      if (keys.has(key)) continue;
      element.remove();
      this.#views.delete(key);
    }
    for (const [n, item] of items.entries()) {
      const element = this.#view(item, words);
      const there = this.#log.children[n] ?? null;
      if (there !== element) this.#log.insertBefore(element, there);
      if (item.day) continue;
      element.classList.toggle("first", !together(items[n - 1], item));
      element.classList.toggle("last", !together(item, items[n + 1]));
      element.classList.toggle("pending", item.status === "pending");
      element.classList.toggle("failed", item.status === "failed");
      mark(element, item, said.open, words.texts);
    }
    return items;
  }

  #view(item, { texts, language, server }) {
    const known = this.#views.get(item.key);
    // A secret that was typed is masked on record, so what arrived may differ from what was sent.
    if (known && (item.day || known.text === item.turn.text)) return known.element;
    known?.element.remove();
    const element = item.day ? h("div.day", {}, item.day) : turnView(item.turn, texts, language, server);
    this.#views.set(item.key, { element, text: item.turn?.text });
    return element;
  }
}

function keyOf(turn) {
  return turn.client_id || `seq-${turn.seq}`;
}

// What there is to show, in order, each with a key that stays the same from "on its way" to "arrived".
function itemsOf({ turns, failed, outbox }) {
  const arrived = new Set(turns.map((turn) => turn.client_id));
  const own = (item, status) => ({ key: item.client_id, turn: { author: "customer", ...item }, status });
  const failedAfter = (seq) => failed.filter((item) => item.after === seq).map((item) => own(item, "failed"));
  const said = turns.flatMap((turn) => [{ key: keyOf(turn), turn }, ...failedAfter(turn.seq)]);
  const pending = outbox.filter((item) => !arrived.has(item.client_id)).map((item) => own(item, "pending"));
  return [...failedAfter(0), ...said, ...pending];
}

// A line with the day where another day begins; none while all of it is today's.
function withDays(items, { texts, language }) {
  let before = texts.today;
  return items.flatMap((item) => {
    const label = day(item.turn.at, texts, language);
    const line = label === before ? [] : [{ key: `day-${label}`, day: label }];
    before = label;
    return [...line, item];
  });
}

function together(one, other) {
  if (!one?.turn || !other?.turn) return false;
  return one.turn.author === other.turn.author && one.turn.author !== "system"
    && one.turn.name === other.turn.name && other.turn.at - one.turn.at < GROUP_WITHIN && one.status !== "failed";
}

function mark(element, { status, turn }, open, texts) {
  const place = element.querySelector(".meta span");
  if (!place || turn.author !== "customer") return;
  const pending = open ? texts.sending : texts.waiting;
  const text = { pending, failed: texts.failed[turn.code] || texts.failed.other }[status] || texts.sent;
  if (place.textContent !== ` · ${text}`) place.textContent = ` · ${text}`;
}
