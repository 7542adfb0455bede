/* A button that shows the password and hides it again. It appears only with script. */

document.querySelectorAll("[data-password]").forEach((button) => {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const announcement = button.parentElement.querySelector("[role=status]");

  function set(shown) {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    announcement.textContent = shown ? button.dataset.shown : button.dataset.hidden;
  }

  button.addEventListener("click", () => set(input.type === "password"));
  /* Hidden again before it is sent, so that no browser keeps it as ordinary text. */
  input.form.addEventListener("submit", () => set(false));
  button.hidden = false;
});
