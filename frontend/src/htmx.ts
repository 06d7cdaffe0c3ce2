import htmx from "htmx.org";

/** Unsafe requests carry the page's CSRF token, read afresh: a swap may have renewed it. */
export function setUpHtmx(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const { detail } = event as CustomEvent<{ verb: string; headers: Record<string, string> }>;
    if (detail.verb === "get") return;
    const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
    if (field) detail.headers["X-CSRFToken"] = field.value;
  });
}

/** Calls `enhance` with each part of the page that appears, the first page included. */
export function onLoad(enhance: (root: ParentNode) => void): void {
  // From the parent on: what appeared may itself be the element to enhance.
  htmx.onLoad((element) => enhance(element.parentNode ?? (element as HTMLElement)));
}
