// Tells the server how far the customer has it: up to where this page knows the conversation, and up to where it
// stood on the screen. Not who reads along, and nothing at all while the page is hidden.

const AT_MOST_EVERY = 1000;
const ENOUGH = 40; // pixels of a turn that must stand above the edge of the thread: its first lines

export class Receipts {
  #thread;
  #shown;
  #elementOf;
  #tell;
  #turns = [];
  #got = 0;
  #seen = 0;
  #told = ""; // what the server knows
  #at = 0;
  #timer = null;

  // `shown`: whether the thread is open; `tell(got, seen)`: whether it could be said.
  constructor({ thread, shown, elementOf, tell }) {
    this.#thread = thread;
    this.#shown = shown;
    this.#elementOf = elementOf;
    this.#tell = tell;
  }

  // Something came, moved or opened.
  look(turns = this.#turns) {
    this.#turns = turns;
    this.#timer ??= setTimeout(() => this.#now(), Math.max(60, this.#at + AT_MOST_EVERY - Date.now()));
  }

  // On a new line it is said again: the last words on the old one may be lost.
  again() {
    this.#told = "";
    this.look();
  }

  forget() {
    this.#turns = [];
    this.#got = this.#seen = 0;
    this.#told = "";
  }

  #now() {
    this.#timer = null;
    if (document.hidden) return;
    this.#got = Math.max(this.#got, this.#turns.at(-1)?.seq || 0);
    if (this.#shown()) this.#seen = Math.max(this.#seen, this.#lastInSight());
    const told = `${this.#got} ${this.#seen}`;
    if (!this.#got || told === this.#told || !this.#tell(this.#got, this.#seen)) return;
    this.#told = told;
    this.#at = Date.now();
  }

  #lastInSight() {
    const { bottom } = this.#thread.getBoundingClientRect();
    const inSight = (turn) => {
      const box = this.#elementOf(turn)?.getBoundingClientRect();
      return box && box.height > 0 && box.top + Math.min(box.height, ENOUGH) <= bottom;
    };
    return this.#turns.findLast((turn) => turn.seq > this.#seen && inSight(turn))?.seq || 0;
  }
}
