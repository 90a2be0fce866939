/* The transcript: fetches what comes after its last number, stays at the end unless the reader went up. */

import { $ } from "../dom.js";

const RETRY_AFTER = 2000; // milliseconds, twice as long each time
const RETRY_AT_MOST = 10_000;

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
    on("desk:receipt", ({ detail }) => detail.id === this.dataset.id && this.fetch());
    on("desk:typing", ({ detail }) => this.typing(detail));
    on("desk:fitting", ({ detail }) => detail.id === this.dataset.id && this.fitting(detail.articles));
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
    on("visibilitychange", () => this.read());
    addEventListener("focus", () => this.read(), { signal: this.off.signal });
    this.read();
    // What is put in above leaves the reader where they were.
    this.addEventListener("htmx:beforeSwap", () => (this.below = this.scrollHeight - this.scrollTop));
    this.addEventListener("htmx:afterSettle", () => {
      if (this.below) this.scrollTop = this.scrollHeight - this.below;
      this.below = 0;
    });
  }

  disconnectedCallback() {
    this.off.abort();
    clearTimeout(this.retrying);
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
    clearTimeout(this.retrying);
    try {
      do {
        this.again = false;
        const query = new URLSearchParams({
          after: this.seq,
          shown: Number($("[data-seq]", this.log)?.dataset.seq || 1) - 1,
          day: this.log.lastElementChild?.dataset.day || "",
          standing: $("#desk-main").dataset.standing,
          dialog: $("dialog[open]") ? "open" : "",
        });
        const answer = await fetch(`${this.dataset.url}/news?${query}`, {
          headers: { "HX-Request": "true", "HX-Current-URL": location.href },
        });
        if (answer.status === 401) return location.reload();
        if (answer.status >= 500) return this.retry();
        if (!answer.ok || !this.isConnected) return;
        const news = await answer.text();
        this.wait = 0;
        // What a deed's answer belongs to stays until it is there; after a deed that was done this page is another.
        while ($("#desk-main .htmx-request")) await new Promise((done) => document.addEventListener("htmx:afterRequest", done, { once: true }));
        if (!this.isConnected) return;
        const followed = this.atEnd;
        const before = this.log.childElementCount;
        const to = $("#transfer-to");
        const chosen = to?.value;
        htmx.swap(this.log, news, { swapStyle: "beforeend" });
        if (to) to.value = chosen; // its teams were drawn again: what is gone leaves no choice, never another
        this.seq = Number(answer.headers.get("X-Last-Seq"));
        $("#desk-main").dataset.standing = answer.headers.get("X-Standing");
        this.mark();
        const more = this.log.childElementCount > before;
        if (more) this.note.hidden = true;
        this.read();
        if (followed) this.end();
        else if (more) this.button.hidden = false;
      } while (this.again);
    } catch {
      this.retry();
    } finally {
      this.busy = false;
    }
  }

  /* The line is away. The stream of events may outlive that, and then nothing else asks for what was missed. */
  retry() {
    if (!this.isConnected) return;
    this.wait = Math.min(2 * this.wait || RETRY_AFTER, RETRY_AT_MOST);
    this.retrying = setTimeout(() => this.fetch(), this.wait);
  }

  /* How far messages have come: marks that still hold stay where they are, with the keyboard on them. */
  mark() {
    const marks = new Map([...$("#desk-arrivals").children].map((mark) => [mark.dataset.key, mark]));
    for (const old of this.log.querySelectorAll(".arrival")) {
      if (!marks.delete(old.dataset.key)) old.remove();
    }
    for (const mark of marks.values()) $(`:scope > [data-seq="${mark.dataset.of}"] .turn-meta`, this.log)?.append(mark);
    $("#desk-arrivals").replaceChildren();
  }

  /* Seen up to here, by somebody who looks. */
  read() {
    if (document.hidden || !document.hasFocus() || this.seen === this.seq) return;
    this.seen = this.seq;
    fetch(`${this.dataset.url}/read?seq=${this.seq}`, { method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")) })
      .catch(() => (this.seen = 0));
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

  /* What fits what the customer is typing takes the place of what was suggested. */
  fitting(articles) {
    const query = new URLSearchParams(articles.map((slug) => ["article", slug]));
    htmx.ajax("GET", `${this.dataset.url}/fitting?${query}`, { source: "#suggestions", swap: "none" });
  }
}

customElements.define("desk-transcript", DeskTranscript);
