// Where the thread stands: at its end, unless the customer went up to read. A turn that is taller than the thread
// is shown from its beginning, and so is the first of several that come at once.

const ABOVE = 12; // pixels between the edge of the thread and such a turn
export const END = {};

export class Scrolling {
  #thread;
  #elementOf;
  #goal = null; // a turn or END, from the next frame on
  #next = null; // the same, once what was heard is drawn

  constructor(thread, elementOf) {
    this.#thread = thread;
    this.#elementOf = elementOf;
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#thread;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  // Before a turn is drawn; `history`: what was said up to that number is no news.
  heard(turn, history) {
    const goal = this.#next ?? this.#goal;
    if (turn.author === "customer") this.#next = END;
    else if (goal || this.atEnd) this.#next = goal?.seq > history ? goal : turn;
  }

  drawn() {
    if (this.#next) this.to(this.#next);
    this.#next = null;
  }

  // Makes room below for something that is no turn, for who is at the end.
  follow(change) {
    const { atEnd } = this;
    change();
    if (atEnd) this.to(this.#goal ?? END);
  }

  to(goal) {
    if (!this.#goal) requestAnimationFrame(() => this.#arrive());
    this.#goal = goal;
  }

  #arrive() {
    const thread = this.#thread;
    const element = this.#elementOf(this.#goal);
    this.#goal = null;
    const beginning = element ? element.getBoundingClientRect().top - thread.getBoundingClientRect().top - ABOVE : Infinity;
    thread.scrollTo({ top: Math.min(thread.scrollTop + beginning, thread.scrollHeight) });
  }
}
