/** Buttons with data-copy put their text on the clipboard and say so for two seconds. */
export function listenToCopy(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
    } catch {
      return;
    }
    const label = button.getAttribute("aria-label") ?? "";
    button.dataset.copied = "";
    button.setAttribute("aria-label", button.dataset.done ?? label);
    setTimeout(() => {
      delete button.dataset.copied;
      button.setAttribute("aria-label", label);
    }, 2000);
  });
}
