/* Who else looks at this conversation: told by their streams, forgotten when they say so or fall silent. */

import { $ } from "../dom.js";

const SILENT = 40_000; // milliseconds: streams tell every 15 seconds

class DeskLookers extends HTMLElement {
  connectedCallback() {
    this.seen = new Map(); // a stream: whose, and when it was last heard of
    this.off = new AbortController();
    document.addEventListener("desk:looking", ({ detail }) => this.heard(detail), { signal: this.off.signal });
    this.timer = setInterval(() => this.draw(), 10_000);
  }

  disconnectedCallback() {
    this.off.abort();
    clearInterval(this.timer);
  }

  heard({ id, via, name, left }) {
    if (id !== $("#desk-main")?.dataset.id) return;
    if (left) this.seen.delete(via);
    else this.seen.set(via, { name, at: Date.now() });
    this.draw();
  }

  draw() {
    for (const [via, { at }] of this.seen) if (Date.now() - at > SILENT) this.seen.delete(via);
    const names = [...new Set([...this.seen.values()].map(({ name }) => name))].sort();
    const listed = new Intl.ListFormat(document.documentElement.lang).format(names);
    const text = names.length ? this.dataset[names.length > 1 ? "more" : "one"].replace("{names}", listed) : "";
    if (this.title === text) return;
    this.title = text;
    this.replaceChildren(...names.map(avatar));
    if (text) this.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: text }));
  }
}

function avatar(name) {
  const letters = name.split(/\s+/).map((part) => part[0]).filter(Boolean);
  const shown = letters.length > 1 ? letters[0] + letters.at(-1) : letters[0] || "?";
  const element = Object.assign(document.createElement("span"), { className: "avatar", textContent: shown });
  element.setAttribute("aria-hidden", "true");
  return element;
}

customElements.define("desk-lookers", DeskLookers);
