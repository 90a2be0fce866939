// What the button that opens the chat tells while it is closed: how much was not read, and that a call is on.

export class Launcher {
  #parts;
  #memory;
  #texts;

  constructor(parts, memory, texts) {
    this.#parts = parts;
    this.#memory = memory;
    this.#texts = texts;
  }

  // `last` is the number of what was said last. What an open chat shows is read.
  draw({ turns, last, calling }) {
    const { panel, launcher, unread } = this.#parts;
    const texts = this.#texts();
    const closed = panel.hidden;
    if (!closed && !document.hidden && last > this.#memory.read) this.#memory.read = last;
    const count = turns.filter((turn) => turn.author !== "customer" && turn.seq > this.#memory.read).length;
    unread.hidden = count === 0 || !closed;
    unread.textContent = count > 9 ? "9+" : String(count);
    const told = [closed && calling && `${texts.call.on}.`, count && closed ? texts.launcherUnread(count) : texts.launcher];
    launcher.setAttribute("aria-label", told.filter(Boolean).join(" "));
  }
}
