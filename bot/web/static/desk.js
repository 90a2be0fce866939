/* What the desk's pages need beyond htmx: one live feed for all tabs, the transcript that follows it, the composer
 * with its drafts, dialogs and keys. Native custom elements; no state that the server has not. */

const $ = (selector, within = document) => within.querySelector(selector);
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");

/* One EventSource for a browser: the tab that holds the lock reads, the others listen to it. */
class DeskFeed extends HTMLElement {
  connectedCallback() {
    this.tab = String(Math.random());
    this.opens = new Map();
    this.channel = new BroadcastChannel("balie-desk");
    this.channel.onmessage = ({ data }) => this.heard(data);
    addEventListener("pagehide", () => this.say({ kind: "bye", tab: this.tab }));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.addEventListener("desk:open", () => this.announce());
    this.state("away");
    this.announce();
    if (navigator.locks) navigator.locks.request("balie-desk-feed", () => new Promise(() => this.lead()));
    else this.lead();
  }

  get open() {
    return $("#desk-main")?.dataset.id || "";
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
    this.source.onopen = () => this.everywhere("state", { state: "live" });
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
    for (const name of ["list", "seq", "typing"]) {
      this.source.addEventListener(name, ({ data }) => this.everywhere("event", { name, data: JSON.parse(data) }));
    }
  }

  everywhere(kind, more) {
    const message = { kind, ...more };
    this.heard(message);
    this.say(message);
  }

  state(state) {
    this.now = state;
    this.dataset.state = state;
    $(".dot", this).className = `dot ${state === "live" ? "success" : "warning"}`;
    const text = $(".feed-text", this);
    if (text.textContent !== this.dataset[state]) text.textContent = this.dataset[state];
  }

  dispatch(name, data) {
    if (name === "list") {
      clearTimeout(this.listing);
      this.listing = setTimeout(() => document.body.dispatchEvent(new Event("desk:list")), 120);
    } else document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail: data }));
  }
}

/* The transcript: fetches what comes after its last number, stays at the end unless the reader went up. */
class DeskTranscript extends HTMLElement {
  connectedCallback() {
    this.seq = Number(this.dataset.seq);
    this.log = $('[role="log"]', this);
    this.button = $(".to-end", this);
    this.note = $(".typing", this);
    this.off = new AbortController();
    const on = (name, then) => document.addEventListener(name, then, { signal: this.off.signal });
    on("desk:seq", ({ detail }) => detail.id === this.dataset.id && detail.seq > this.seq && this.fetch());
    on("desk:said", () => this.fetch());
    on("desk:typing", ({ detail }) => this.typing(detail));
    this.button.addEventListener("click", () => this.end());
    this.pinned = true;
    const scrolled = () => {
      this.pinned = this.atEnd;
      if (this.pinned) this.button.hidden = true;
    };
    this.addEventListener("scroll", scrolled, { passive: true });
    // The keyboard of a phone, a longer composer, a pane that comes into sight: the end stays the end.
    this.resized = new ResizeObserver(() => this.pinned && this.end());
    this.resized.observe(this);
    this.end();
  }

  disconnectedCallback() {
    this.off.abort();
    this.resized.disconnect();
  }

  get atEnd() {
    return this.scrollHeight - this.scrollTop - this.clientHeight < 80;
  }

  end() {
    this.scrollTop = this.scrollHeight;
    this.button.hidden = true;
  }

  async fetch() {
    if (this.busy) return void (this.again = true);
    this.busy = true;
    try {
      do {
        this.again = false;
        const query = new URLSearchParams({
          after: this.seq,
          day: this.log.lastElementChild?.dataset.day || "",
          standing: $("#desk-main").dataset.standing,
        });
        const answer = await fetch(`${this.dataset.url}?${query}`, {
          headers: { "HX-Request": "true", "HX-Current-URL": location.href },
        });
        if (answer.status === 401) return location.reload();
        if (!answer.ok || !this.isConnected) return;
        const news = await answer.text();
        // What a deed's answer belongs to stays until it is there; after a deed that was done this page is another.
        while ($("#desk-main .htmx-request")) await new Promise((done) => document.addEventListener("htmx:afterRequest", done, { once: true }));
        if (!this.isConnected) return;
        const followed = this.atEnd;
        const before = this.log.childElementCount;
        htmx.swap(this.log, news, { swapStyle: "beforeend" });
        this.seq = Number(answer.headers.get("X-Last-Seq"));
        $("#desk-main").dataset.standing = answer.headers.get("X-Standing");
        this.note.hidden = true;
        if (followed) this.end();
        else if (this.log.childElementCount > before) this.button.hidden = false;
      } while (this.again);
    } catch {
      // The line is away; the feed's next snapshot asks again.
    } finally {
      this.busy = false;
    }
  }

  typing({ id, author, name, by }) {
    if (id !== this.dataset.id || (by && by === document.body.dataset.user)) return;
    const who = author === "customer" ? $("#conversation-title").textContent.trim() : name;
    this.note.textContent = this.dataset.typing.replace("{name}", who);
    this.note.hidden = false;
    if (this.atEnd) this.end();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => (this.note.hidden = true), 5000);
  }
}

/* Reply and note: tabs, Enter to send, drafts that survive a reload, a key so that nothing is said twice. */
class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.tabs = [...this.querySelectorAll('[role="tab"]')];
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.choose(tab, true));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        const at = this.tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : -1);
        this.choose(this.tabs.at(at % this.tabs.length), false).focus();
      });
    }
    for (const form of this.querySelectorAll("form.composer-panel")) this.prepare(form);
    if (this.tabs.length) this.choose(this.tabs[0], false);
  }

  prepare(form) {
    const text = form.elements.text;
    const place = `balie-draft:${this.dataset.id}:${form.id}`;
    const renew = () => (form.elements.key.value = crypto.getRandomValues(new Uint32Array(3)).join("-"));
    renew();
    if (!text.value) text.value = sessionStorage.getItem(place) || "";
    text.addEventListener("input", () => {
      sessionStorage.setItem(place, text.value);
      if (form.id === "write-reply") this.type();
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (text.value.trim()) form.requestSubmit();
    });
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (form.dataset.busy) return event.preventDefault();
      form.dataset.busy = "1";
    });
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
      delete form.dataset.busy;
      if (!detail.successful) return;
      text.value = "";
      this.told = 0;
      sessionStorage.removeItem(place);
      renew();
    });
  }

  choose(chosen, focus) {
    for (const tab of this.tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      panel.hidden = !on;
      if (on && focus) $("textarea", panel).focus();
    }
    return chosen;
  }

  type() {
    if (this.told && Date.now() - this.told < 3000) return;
    this.told = Date.now();
    fetch(this.dataset.typingUrl, { method: "POST", headers: csrf() }).catch(() => {});
  }
}

customElements.define("desk-feed", DeskFeed);
customElements.define("desk-transcript", DeskTranscript);
customElements.define("desk-composer", DeskComposer);

/* What a page is told by its buttons. */
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const opener = at("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    dialog.showModal();
    dialog.onclose = () => $(`[data-dialog="${dialog.id}"]`)?.focus(); // its opener may have been drawn again
    $("textarea, input:not([type=hidden])", dialog)?.focus();
  }
  at("[data-close]")?.closest("dialog").close();
  if (at("[data-panel]")) panel(!document.body.hasAttribute("data-ticket"));
  if (at("[data-panel-close]")) panel(false);
  const copy = at("[data-copy]");
  if (copy) {
    const field = $("input", copy.parentElement);
    field.select();
    navigator.clipboard?.writeText(field.value).catch(() => {});
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function panel(shown) {
  document.body.toggleAttribute("data-ticket", shown);
  $("[data-panel]")?.setAttribute("aria-expanded", String(shown));
  (shown ? $("[data-panel-close]") : $("[data-panel]"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = $("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    } else if (document.body.hasAttribute("data-ticket")) panel(false);
  }
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const key = event.code;
  const act = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    KeyE: () => $('[data-dialog="resolve"]')?.click(),
    KeyP: () => $("#tab-note")?.click(),
    KeyL: () => $("#tab-reply")?.click(),
  }[key];
  if (act) {
    event.preventDefault();
    act();
  }
});

function step(by) {
  const items = [...document.querySelectorAll("#desk-list .item")];
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by]?.click();
}

/* After htmx has put another conversation in place: the list, the feed and the reader follow. */
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const main = $("#desk-main");
  if (main && detail.elt?.id === "desk-main") {
    document.body.removeAttribute("data-ticket");
    $(".desk").dataset.view = main.dataset.id ? "conversation" : "list";
    $("#desk-open").value = main.dataset.id;
    for (const item of document.querySelectorAll("#desk-list .item")) {
      if (item.dataset.id === main.dataset.id) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    document.dispatchEvent(new Event("desk:open"));
    if (detail.requestConfig?.verb === "get") $("#conversation-title")?.focus();
    else ($("#panel-reply textarea") || $("#conversation-title"))?.focus();
  }
  title();
});

/* A deed that came too late: the toast says why, and the transcript shows how it stands now. */
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 409) document.dispatchEvent(new Event("desk:said"));
});

/* How many wait, in the tab's title. */
function title() {
  const waiting = Number($("[data-waiting]")?.dataset.waiting || 0);
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = waiting ? `(${waiting}) ${plain}` : plain;
}

document.addEventListener("DOMContentLoaded", title);
title();

/* A toast goes by itself, unless it is being read. */
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const toast of addedNodes) {
      if (toast.nodeType === 1) setTimeout(() => toast.remove(), 9000);
    }
  }
}).observe($("#toasts") || document.body, { childList: true });
