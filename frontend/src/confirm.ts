/** A form with data-confirm="question" asks in a dialog first; without scripts it simply submits. */
export function listenToConfirm(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const question = form.dataset.confirm;
      if (!question || form.dataset.confirmed !== undefined) return;
      const dialog = document.querySelector<HTMLDialogElement>("#confirm");
      if (!dialog) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(dialog, question, () => send(form, (event as SubmitEvent).submitter));
    },
    { capture: true },
  );
}

function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  form.dataset.confirmed = "";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}

function ask(dialog: HTMLDialogElement, question: string, agreed: () => void): void {
  const text = dialog.querySelector("[data-question]");
  if (text) text.textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && agreed(), { once: true });
  dialog.showModal();
}
