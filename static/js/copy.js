/* Copy buttons. They are in the page's <template> and appear only where copying works. */

const SHOWN_FOR = 3000;
const template = document.querySelector("#copy-button");

function addButton(value) {
  const button = template.content.querySelector("button").cloneNode(true);
  const announcement = template.content.querySelector("[role=status]").cloneNode(true);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  button.querySelector("[data-what]").textContent = value.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(value.textContent);
    } catch {
      /* Refused by the browser: the value is selected instead, one keystroke from being copied. */
      getSelection().selectAllChildren(value);
      return;
    }
    label.textContent = button.dataset.copied;
    announcement.textContent = button.dataset.copied;
    setTimeout(() => {
      label.textContent = before;
      announcement.textContent = "";
    }, SHOWN_FOR);
  });
  value.after(button, announcement);
}

if (template && navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(addButton);
}
