/* One EventSource for a browser: the tab that holds the lock reads, the others listen to it. */

import { $ } from "../dom.js";

const BETWEEN_LISTS = 1500; // milliseconds: a busy desk is not drawn again at every message
const RETRY_AFTER = 3000;
const SILENT_AFTER = 40_000; // the server's heart beats every 15 seconds
const NAMES = ["beat", "list", "seq", "receipt", "typing", "fitting", "looking", "erased", "line", "availability"];

class DeskFeed extends HTMLElement {
  connectedCallback() {
    this.tab = String(Math.random());
    this.opens = new Map();
    this.channel = new BroadcastChannel("balie-desk");
    this.channel.onmessage = ({ data }) => this.heard(data);
    addEventListener("pagehide", () => this.say({ kind: "bye", tab: this.tab }));
    addEventListener("offline", () => this.leading && this.hangUp());
    addEventListener("online", () => this.leading && this.connect());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.addEventListener("desk:open", () => this.announce());
    document.addEventListener("desk:wished", ({ detail }) => detail === "here" && this.say({ kind: "wishes", wishes: this.wishes }));
    for (const failed of ["htmx:sendError", "htmx:responseError"]) {
      document.addEventListener(failed, ({ detail }) => this.missed(detail));
    }
    this.listed = 0;
    this.state("away");
    this.announce();
    if (navigator.locks) navigator.locks.request("balie-desk-feed", () => new Promise(() => this.lead()));
    else this.lead();
  }

  get open() {
    return $("#desk-main")?.dataset.id || "";
  }

  /* How the agent wants the desk, which counts in every tab: only one of them makes the noise. */
  get wishes() {
    return Object.fromEntries([...$("#desk-wishes").elements].map(({ name, checked }) => [name, checked]));
  }

  wish(wishes) {
    for (const box of $("#desk-wishes").elements) {
      if (!(box.name in wishes)) continue;
      box.checked = wishes[box.name];
      $(".desk").dataset[box.name] = box.checked ? "on" : "off";
    }
    document.dispatchEvent(new CustomEvent("desk:wished"));
  }

  say(message) {
    this.channel.postMessage(message);
  }

  announce() {
    const message = { kind: "hello", tab: this.tab, open: this.open };
    this.heard(message);
    this.say(message);
  }

  heard(message) {
    if (message.kind === "event") this.dispatch(message.name, message.data);
    else if (message.kind === "state") this.state(message.state);
    else if (message.kind === "wishes") this.wish(message.wishes);
    else if (message.kind === "who") this.announce();
    else if (this.leading) {
      if (message.kind === "hello") this.opens.set(message.tab, message.open);
      if (message.kind === "bye") this.opens.delete(message.tab);
      this.connect();
      if (message.kind === "hello" && message.tab !== this.tab) this.say({ kind: "state", state: this.now });
    }
  }

  lead() {
    this.leading = true;
    this.opens.set(this.tab, this.open);
    this.connect();
    this.say({ kind: "who" });
  }

  connect() {
    const open = [...new Set([...this.opens.values()].filter(Boolean))].sort();
    const url = `${this.dataset.url}?${new URLSearchParams(open.map((id) => ["open", id]))}`;
    if (this.source?.readyState !== EventSource.CLOSED && url === this.url) return;
    this.url = url;
    this.source?.close();
    this.source = new EventSource(url);
    this.listen();
    this.source.onopen = () => {
      this.listen();
      this.everywhere("state", { state: "live" });
    };
    this.source.onerror = () => {
      this.everywhere("state", { state: "away" });
      if (this.source.readyState === EventSource.CLOSED) {
        // Refused: logged out, or the server is not there. Ask again by and by; a page that is refused logs in.
        clearTimeout(this.later);
        this.later = setTimeout(() => this.connect(), 5000);
        fetch("/desk/list", { headers: { "HX-Request": "true", "HX-Current-URL": location.href } })
          .then((answer) => answer.status === 401 && location.reload(), () => {});
      }
    };
    for (const name of NAMES) {
      this.source.addEventListener(name, ({ data }) => {
        this.listen();
        if (name !== "beat") this.everywhere("event", { name, data: JSON.parse(data) });
      });
    }
  }

  /* A line whose other end died without a word, or is stuck, stays open for the browser: silence tells. */
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.hangUp();
      this.connect();
    }, SILENT_AFTER);
  }

  hangUp() {
    clearTimeout(this.silence);
    this.source.close();
    this.everywhere("state", { state: "away" });
  }

  everywhere(kind, more) {
    const message = { kind, ...more };
    this.heard(message);
    this.say(message);
  }

  state(state) {
    if (state === "live" && this.now === "away") document.dispatchEvent(new Event("desk:back"));
    this.now = state;
    this.dataset.state = state;
    $(".dot", this).className = `dot ${state === "live" ? "success" : "warning"}`;
    const text = $(".feed-text", this);
    if (text.textContent !== this.dataset[state]) text.textContent = this.dataset[state];
  }

  list() {
    this.listing = null;
    this.listed = Date.now();
    document.body.dispatchEvent(new Event("desk:list"));
  }

  /* A list that could not be fetched is asked for again: the stream may have outlived what cut it off. */
  missed({ requestConfig, xhr }) {
    if (requestConfig.elt.id !== "desk-list" || (xhr.status && xhr.status < 500)) return;
    this.listing ??= setTimeout(() => this.list(), RETRY_AFTER);
  }

  dispatch(name, data) {
    if (name === "list") {
      this.listing ??= setTimeout(() => this.list(), Math.max(120, this.listed + BETWEEN_LISTS - Date.now()));
    } else if (name === "erased") {
      if (data.id === this.open) location.reload(); // none of it may stay on the screen
    } else if (name === "line") {
      if (data.id === this.open) document.body.dispatchEvent(new Event("desk:line"));
    } else document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail: data }));
  }
}

customElements.define("desk-feed", DeskFeed);
