function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>("input[type=search]")];
  const shown = fields.find((field) => field.checkVisibility());
  if (shown) return shown.focus();
  const menu = fields[0]?.closest<HTMLDetailsElement>("details") ?? document.querySelector<HTMLDetailsElement>("details.menu.small");
  if (!menu) return;
  menu.open = true;
  menu.querySelector<HTMLInputElement>("input[type=search]")?.focus();
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("table[data-rows] tbody tr")];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.dataset.here !== undefined);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  rows[at]?.removeAttribute("data-here");
  if (!next) return;
  next.dataset.here = "";
  next.scrollIntoView({ block: "nearest" });
  next.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}

const ACTIONS: Record<string, () => void> = {
  "/": focusSearch,
  "?": () => document.querySelector<HTMLDialogElement>("#keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
};

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const action = ACTIONS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function closeMenus(except: Element | null): void {
  document.querySelectorAll<HTMLDetailsElement>("details.menu[open]").forEach((menu) => {
    if (menu === except) return;
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held && !except) menu.querySelector("summary")?.focus();
  });
}

export function listenToMenus(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    closeMenus(target.closest("details.menu"));
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) document.querySelector<HTMLDialogElement>(`#${opener.dataset.dialog}`)?.showModal();
  });
}
