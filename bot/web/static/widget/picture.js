// A picture that the customer sends: pasted, dropped or chosen, seen before it goes, with what is typed as its
// caption. It goes by a request of its own (channels/web/pictures.py); its turn comes over the socket, as all do.

const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const MOST = 10 * 1024 * 1024;

export class Picture {
  file = null;
  busy = false;
  #parts;
  #line;
  #url;
  #texts;
  #changed;
  #id; // the same however often it is sent: it is taken once

  constructor({ parts, line, url, texts, changed }) {
    this.#parts = parts;
    this.#line = line;
    this.#url = url;
    this.#texts = texts;
    this.#changed = changed;
    const { panel, foot, text } = parts;
    const hasFiles = (event) => event.dataTransfer.types.includes("Files");
    text.addEventListener("paste", (event) => {
      const { files, types } = event.clipboardData;
      // Copied cells and words bring a picture of themselves along: there the text is what is meant.
      if (!files.length || types.includes("text/plain")) return;
      event.preventDefault();
      this.#take([...files]);
    });
    panel.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // else the browser leaves the page for the file
      foot.classList.add("dropping");
    });
    panel.addEventListener("dragleave", (event) => panel.contains(event.relatedTarget) || foot.classList.remove("dropping"));
    panel.addEventListener("drop", (event) => {
      foot.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.#take([...event.dataTransfer.files]);
    });
  }

  attached() {
    const files = [...this.#parts.file.files];
    this.#parts.file.value = "";
    if (files.length) this.#take(files);
  }

  // True when it is on record; else what went wrong is said, and it stays.
  async send(caption) {
    if (this.busy) return false;
    this.#become(true, "sending");
    try {
      const form = new FormData();
      const fields = { client_id: this.#id, text: caption, filename: this.file.name };
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("picture", this.file, "picture");
      const hello = new TextEncoder().encode(JSON.stringify(await this.#line.introduction()));
      const headers = { "X-Balie-Hello": btoa(String.fromCharCode(...hello)) };
      const answer = await fetch(this.#url, { method: "POST", body: form, headers, credentials: "omit" });
      if (!answer.ok) throw new Refused((await answer.json()).code);
      this.#become(false);
      this.clear();
      return true;
    } catch (error) {
      this.#become(false, error instanceof Refused ? error.word : "other");
      return false;
    }
  }

  clear({ focus = false } = {}) {
    if (this.busy) return;
    this.file = null;
    this.#parts.chosen.hidden = true;
    this.#say("");
    this.#changed();
    if (focus) this.#parts.text.focus();
  }

  async #take(files) {
    if (this.busy) return;
    const file = files.find(({ type }) => TYPES.includes(type));
    if (!file) return this.#say("unknown");
    if (file.size > MOST) return this.#say("too_large");
    try {
      await this.#show(file);
    } catch {
      return this.#say("unknown");
    }
    this.file = file;
    this.#id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#say(files.length > 1 ? "one" : "");
    this.#changed();
    this.#parts.text.focus();
  }

  async #show(file) {
    const bitmap = await createImageBitmap(file);
    const { thumb, fileName, chosen } = this.#parts;
    const scale = Math.min(1, 140 / bitmap.width, 72 / bitmap.height);
    thumb.width = Math.max(1, bitmap.width * scale);
    thumb.height = Math.max(1, bitmap.height * scale);
    thumb.getContext("2d").drawImage(bitmap, 0, 0, thumb.width, thumb.height);
    thumb.setAttribute("aria-label", file.name);
    bitmap.close();
    fileName.textContent = file.name;
    chosen.hidden = false;
  }

  #become(busy, word = "") {
    this.busy = busy;
    this.#say(word);
    this.#changed();
  }

  #say(word) {
    const { told } = this.#parts;
    told.textContent = word ? this.#texts().picture[word] : "";
    told.hidden = !word;
  }
}

// The server's word for why not.
class Refused extends Error {
  constructor(code) {
    super(code);
    this.word = { bad_input: "unknown", too_large: "too_large", too_many: "too_many", not_allowed: "full" }[code] || "other";
  }
}
