// The line to the server: one socket that comes back by itself, and the messages that are not there yet.
// A message leaves the outbox only when the server says that it is on disk; until then it is sent again after
// every reconnect, with the same client id, which the server takes once. Frames: channels/web/codec.py.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const REFUSED_WAIT = 60_000;
const PING_EVERY = 20_000;
const SILENT_FOR = 45_000;
const ACK_WITHIN = 12_000;
const REFUSALS = new Set([4400, 4403]);

export class Connection {
  #url;
  #memory;
  #identity;
  #tell;
  #socket = null;
  #welcomed = false;
  #wanted = false;
  #tries = 0;
  #heard = 0;
  #typed = 0;
  #receipts = false; // whether the server wants to know how far the customer has it
  #looksAhead = false; // whether the server looks up what is being typed to a person
  #busyFor = 0; // seconds that the server asked to stay away
  #flight = null; // the message that waits for its ack
  #timers = {};
  #unknown = []; // who waits until the server knows us

  constructor({ url, memory, identity, language, tell }) {
    this.#url = url;
    this.#memory = memory;
    this.#identity = identity;
    this.#tell = tell;
    this.language = language;
    this.lastSeq = 0;
    this.outbox = memory.outbox;
    this.state = "idle"; // idle, connecting, open, busy, waiting, refused
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#lose());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  start() {
    this.#wanted = true;
    if (!this.#socket && this.state !== "busy") this.#connect();
  }

  // Tells the people who have this conversation that it is left for another.
  leave() {
    if (this.#welcomed) this.#post({ type: "left" });
  }

  // Forgets this conversation; the next start is a new one.
  reset() {
    this.#wanted = false;
    this.#drop();
    this.lastSeq = 0;
    this.#keep([]);
    this.#become("idle");
  }

  send(text, payload = null) {
    clearTimeout(this.#timers.typing);
    const item = { client_id: randomId(), text, payload, language: this.language, at: Date.now() / 1000 };
    this.#keep([...this.outbox, item]);
    this.start();
    this.#flush();
    return item;
  }

  // Who we are, for a request beside the socket; comes when the server knows us.
  async introduction() {
    this.start();
    if (!this.#identity && !this.#memory.token) await new Promise((known) => this.#unknown.push(known));
    return this.#hello();
  }

  // Hear of a conversation that began beside the socket.
  renew() {
    this.#drop();
    this.#connect();
  }

  #hello() {
    const token = this.#identity ? null : this.#memory.token;
    return { type: "hello", token, language: this.language, ...(this.#identity ? { identity: this.#identity } : {}) };
  }

  // That something is being typed; and what, where a person has it and the server looks that up.
  typing(text, toPerson) {
    clearTimeout(this.#timers.typing);
    if (!this.#welcomed || !text) return;
    const wait = this.#typed + 3000 - Date.now();
    const looksAhead = this.#looksAhead && toPerson;
    if (wait <= 0) {
      this.#typed = Date.now();
      this.#post({ type: "typing", ...(looksAhead ? { text } : {}) });
    } else if (looksAhead) this.#timers.typing = setTimeout(() => this.typing(text, toPerson), wait);
  }

  // Up to where this page knows it, and up to where it was seen; whether that could be said.
  receipt(got, seen) {
    if (!this.#welcomed || !this.#receipts) return false;
    this.#post({ type: "receipt", got, seen });
    return true;
  }

  #connect() {
    clearTimeout(this.#timers.retry);
    this.#become("connecting");
    this.#welcomed = false;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => this.#post({ ...this.#hello(), last_seq: this.lastSeq });
    socket.onmessage = (event) => socket === this.#socket && this.#hear(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
    clearInterval(this.#timers.ping);
    this.#timers.ping = setInterval(() => this.#watch(), PING_EVERY);
  }

  #hear(data) {
    this.#heard = Date.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    const hearing = { welcome: this.#welcome, turn: this.#turn, ack: this.#ack, error: this.#error }[frame.type];
    if (hearing) hearing.call(this, frame);
    else if (frame.type === "typing") this.#tell.typing(frame);
    else if (frame.type === "calls") this.#tell.calls();
  }

  #welcome(frame) {
    if (frame.token) this.#memory.token = frame.token;
    if (frame.seq < this.lastSeq) {
      // The server knows less than we do: another database, or an erased conversation. Its word counts.
      this.lastSeq = 0;
      this.#tell.forget();
    }
    this.#welcomed = true;
    this.#receipts = Boolean(frame.receipts);
    this.#looksAhead = Boolean(frame.typed);
    this.#tries = 0;
    this.#flight = null;
    this.#become("open");
    for (const known of this.#unknown.splice(0)) known();
    this.#tell.welcome(frame);
    this.#flush();
  }

  #turn(frame) {
    if (frame.seq <= this.lastSeq) return;
    this.lastSeq = frame.seq;
    if (frame.client_id) this.#arrived(frame.client_id);
    this.#tell.turn(frame);
    this.#flush();
  }

  #ack(frame) {
    this.#arrived(frame.client_id);
    this.#tell.ack(frame);
    this.#flush();
  }

  #error(frame) {
    if (!frame.client_id) {
      if (frame.code === "too_many") this.#busyFor = frame.retry_after || 1;
      return;
    }
    const item = this.outbox.find((each) => each.client_id === frame.client_id);
    this.#landed(frame.client_id);
    if (typeof frame.retry_after === "number") {
      this.#flight = "later";
      if (frame.code === "too_many") this.#become("busy");
      this.#timers.later = setTimeout(() => {
        this.#landed("later");
        this.#flush();
      }, frame.retry_after * 1000);
      return;
    }
    this.#arrived(frame.client_id);
    if (item) this.#tell.rejected(item, frame.code);
    this.#flush();
  }

  // One message at a time, so that they arrive in the order they were written in.
  #flush() {
    const head = this.outbox[0];
    if (!head || this.#flight || !this.#welcomed) return;
    this.#flight = head.client_id;
    const { client_id, text, payload, language } = head;
    this.#post({ type: "message", client_id, text, payload, language });
    clearTimeout(this.#timers.ack);
    this.#timers.ack = setTimeout(() => this.#lose(), ACK_WITHIN);
  }

  #arrived(clientId) {
    this.#landed(clientId);
    if (this.state === "busy") this.#become("open");
    if (this.outbox.some((item) => item.client_id === clientId)) {
      this.#keep(this.outbox.filter((item) => item.client_id !== clientId));
    }
  }

  #landed(clientId) {
    if (this.#flight !== clientId) return;
    this.#flight = null;
    clearTimeout(this.#timers.ack);
  }

  #keep(items) {
    this.outbox = items;
    this.#memory.outbox = items;
  }

  #post(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #watch() {
    if (Date.now() - this.#heard > SILENT_FOR) this.#lose();
    else if (this.#welcomed) this.#post({ type: "ping" });
  }

  #hurry() {
    if (this.#wanted && !this.#socket && !["busy", "refused"].includes(this.state)) this.#connect();
    else if (this.#wanted) this.#watch();
  }

  #lose() {
    if (!this.#socket) return;
    this.#drop();
    this.#closed(1006);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    this.#flight = null;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    socket?.close();
  }

  #closed(code) {
    this.#drop();
    if (!this.#wanted) return;
    const refused = REFUSALS.has(code);
    const asked = this.#busyFor * 1000;
    this.#busyFor = 0;
    this.#become(refused ? "refused" : asked ? "busy" : "waiting");
    const wait = refused ? REFUSED_WAIT : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries++);
    // Spread out, so that a restarted server is not met by everybody at once.
    this.#timers.retry = setTimeout(() => this.#connect(), asked + wait * (0.5 + Math.random() / 2));
  }

  #become(state) {
    this.state = state;
    this.#tell.state(state);
  }
}

// crypto.randomUUID is missing on plain http, where an intranet may well be.
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
