const KEY = "concours-theme";
const ORDER = ["auto", "light", "dark"] as const;
type Theme = (typeof ORDER)[number];

function current(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

function apply(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // The choice then holds for this page only.
  }
}

function describe(button: HTMLButtonElement): void {
  const label = button.getAttribute(`data-label-${current()}`);
  if (!label) return;
  button.setAttribute("aria-label", label);
  button.title = label;
}

export function themeSwitch(root: ParentNode): void {
  root.querySelectorAll<HTMLButtonElement>("button.theme-switch").forEach(describe);
}

export function listenToThemeSwitch(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button.theme-switch");
    if (!button) return;
    apply(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length] ?? "auto");
    themeSwitch(document);
  });
}
