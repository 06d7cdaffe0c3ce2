// Runs in <head> before the first paint, so that a chosen theme never flashes. Imports nothing.
const root = document.documentElement;
root.dataset.js = "";
try {
  const theme = localStorage.getItem("concours-theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage can be forbidden by the reader; the system's theme is shown then.
}
