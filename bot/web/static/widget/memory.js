// What the widget remembers in the embedding page's storage, and only from the moment it is opened.
// A page that blocks storage gets a chat that lasts as long as the page.

export class Memory {
  #name;
  #here = new Map();

  constructor(server) {
    this.#name = (key) => `balie:${server}:${key}`;
  }

  get token() { return this.#read("localStorage", "token"); }
  set token(value) { this.#write("localStorage", "token", value); }

  get language() { return this.#read("localStorage", "language"); }
  set language(value) { this.#write("localStorage", "language", value); }

  // The last number that the customer has seen: what is after it is unread.
  get read() { return Number(this.#read("localStorage", "read")) || 0; }
  set read(value) { this.#write("localStorage", "read", value ? String(value) : null); }

  // The rest belongs to one tab.
  get open() { return this.#read("sessionStorage", "open") === "1"; }
  set open(value) { this.#write("sessionStorage", "open", value ? "1" : null); }

  get draft() { return this.#read("sessionStorage", "draft") || ""; }
  set draft(value) { this.#write("sessionStorage", "draft", value || null); }

  get outbox() {
    try {
      const items = JSON.parse(this.#read("sessionStorage", "outbox") || "[]");
      return Array.isArray(items) ? items.filter((item) => item && typeof item.client_id === "string") : [];
    } catch {
      return [];
    }
  }
  set outbox(items) { this.#write("sessionStorage", "outbox", items.length ? JSON.stringify(items) : null); }

  // Calls back when another tab started another conversation.
  onOtherToken(callback) {
    const listen = (event) => {
      if (event.key === this.#name("token")) callback(event.newValue);
    };
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }

  #read(where, key) {
    try {
      return window[where].getItem(this.#name(key));
    } catch {
      return this.#here.get(key) ?? null;
    }
  }

  #write(where, key, value) {
    try {
      if (value === null) window[where].removeItem(this.#name(key));
      else window[where].setItem(this.#name(key), value);
    } catch {
      if (value === null) this.#here.delete(key);
      else this.#here.set(key, value);
    }
  }
}
