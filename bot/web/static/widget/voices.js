// Who has the conversation, told by what was said in it. Pure.

export function lastVoice(turns) {
  return turns.findLast((turn) => turn.author === "bot" || turn.author === "agent");
}

function lastNotice(turns) {
  const last = turns.findLast((turn) => turn.author !== "customer");
  return last?.author === "system" ? last : null;
}

// The person who has it: who took it over (a notice with a name), or spoke last. `unnamed` is what one is called
// whose name is not known. Nobody where it waits, or is over.
export function helper(turns, unnamed) {
  const notice = lastNotice(turns);
  if (notice) return notice.name || "";
  const voice = lastVoice(turns);
  return voice?.author === "agent" ? voice.name || unnamed : "";
}

// Whether it waits for a person: notices without a name are of the line, but for the one that it is over.
export function waits(turns) {
  const notice = lastNotice(turns);
  return Boolean(notice) && !notice.name && !notice.over;
}
