/* Saves a tick of the set-up guide without loading the page anew. Without this script the button sends its form. */

const said = document.querySelector("[data-ticks-said]");

async function save(form, button) {
  const pressed = button.name === "tick";
  const response = await fetch(location.pathname, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, button)),
    headers: { Accept: "application/json" },
  });
  /* Another request is open in this browser: what this page would show anew is not this guide. */
  if (response.status === 409 && said) {
    said.textContent = (await response.json()).said;
    return;
  }
  /* Led elsewhere: the link was withdrawn, or the guide is another one by now. */
  if (!response.ok || response.redirected) {
    throw new Error(`The server answered ${response.status}.`);
  }
  const answer = await response.json();
  button.setAttribute("aria-pressed", pressed);
  button.name = pressed ? "untick" : "tick";
  if (said) {
    said.textContent = answer.said;
  }
}

document.querySelectorAll("[data-tick]").forEach((form) => {
  const button = form.querySelector("button");
  let saving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (saving) {
      return;
    }
    saving = true;
    try {
      await save(form, button);
    } catch {
      location.reload();
    }
    saving = false;
  });
});
