// Traffic lights: from states as the files write them to colours.

const LAMPS = { 1: ["green"], 2: ["red", "green"], 3: ["red", "amber", "green"] };
const NAMED = [
  [/red.*(yellow|amber)/, "amber"],
  [/red|stop|halt/, "red"],
  [/yellow|amber|caution|orange/, "amber"],
  [/green|go|walk/, "green"],
];

/** "red", "amber", "green" or "off". Either words, or lamps from the top: "off;off;on". */
function aspectOf(state) {
  const parts = state.toLowerCase().split(";").map((part) => part.trim());
  const lamps = LAMPS[Math.min(parts.length, 3)];
  const lit = parts.findLastIndex((part) => part === "on" || part === "true" || part.startsWith("flash"));
  if (lit >= 0) return lamps[Math.min(lit, lamps.length - 1)];
  for (const [words, aspect] of NAMED) {
    if (words.test(parts.join(" "))) return aspect;
  }
  return "off";
}

/** By signal: its changes as [time, aspect, state], in the order of time. */
function changesOf(lights) {
  const found = new Map();
  for (const [time, signal, state] of lights) {
    if (!found.has(signal)) found.set(signal, []);
    found.get(signal).push([time, aspectOf(state), state]);
  }
  return found;
}

/** The colour that a signal shows at a time. */
function aspectAt(changes, signal, time) {
  const last = (changes.get(signal) ?? []).findLast(([since]) => since <= time + 1e-9);
  return last ? last[1] : "off";
}
