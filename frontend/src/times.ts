// Day before month in English: the order that no reader of an international list mistakes.
const page = document.documentElement.lang || "en";
const language = page === "en" ? "en-GB" : page;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// A rehearsal's clock, and a reader's wrong one, both differ from the server's by a constant.
const served = Date.parse(document.documentElement.dataset.now ?? "");
const ahead = Number.isNaN(served) ? 0 : served - Date.now();

function formatter(style: string | null): Intl.DateTimeFormat {
  if (style === "date") return new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
}

/** Moments are shown in the reader's zone; the server's UTC text moves into the title. */
export function localTimes(root: ParentNode): void {
  root.querySelectorAll<HTMLTimeElement>("time[datetime][data-local]").forEach((element) => {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime()) || element.dataset.utc) return;
    element.dataset.utc = element.textContent?.trim() ?? "";
    element.title ||= element.dataset.utc;
    element.textContent = formatter(element.getAttribute("data-local")).format(moment);
  });
}

/** "2 days" far off, "3 hours" nearer, "04:59" in the last hour. */
export function remaining(milliseconds: number): string {
  const unit = (value: number, name: "day" | "hour"): string =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(value);
  if (milliseconds >= 2 * DAY) return unit(Math.floor(milliseconds / DAY), "day");
  if (milliseconds >= HOUR) return unit(Math.floor(milliseconds / HOUR), "hour");
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

function tick(): void {
  document.querySelectorAll<HTMLElement>("[data-countdown]").forEach((element) => {
    const left = new Date(element.dataset.countdown ?? "").getTime() - (Date.now() + ahead);
    if (Number.isNaN(left)) return;
    element.toggleAttribute("data-soon", left > 0 && left < DAY);
    const template = left > 0 ? element.dataset.before : element.dataset.after;
    const text = (template ?? "%s").replace("%s", remaining(left));
    if (element.textContent !== text) element.textContent = text;
  });
}

export function startCountdowns(): void {
  tick();
  setInterval(tick, 1000);
}
