/* The link's address is a secret. Once its button is pressed, this tab's history has another one in its place, and the Back
   button leads to where things stand. The form names its own target, which is the link still. */

document.querySelectorAll("form[data-forget]").forEach((form) => {
  form.addEventListener("submit", () => history.replaceState(null, "", form.dataset.forget));
});
