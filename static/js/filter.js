/* Shows, while a search is typed, only what has all its words. Without this script a button asks the server.

   The search field names with data-filter what is searched; an item that is chosen always stays, and with
   data-opens what has to be unfolded for it. */

const field = document.querySelector("[data-filter]");
const said = document.querySelector("[data-filter-said]");
const form = field?.closest("[data-filter-form]");
let timer;

function show() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const items = [...document.querySelectorAll(field.dataset.filter)];
  let shown = 0;
  items.forEach((item) => {
    const text = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word)) && !item.querySelector("input:checked");
    shown += item.hidden ? 0 : 1;
  });
  if (words.length && field.dataset.opens) {
    document.querySelectorAll(field.dataset.opens).forEach((fold) => {
      fold.open = true;
    });
  }
  const sentence = field.dataset.said.replace("{shown}", shown).replace("{all}", items.length);
  said.textContent = words.length ? sentence : "";
}

/* What the server has searched already is a part of the items: its button goes on from there. What was typed
   before this script arrived, or is put back by the browser, is searched at once. */
if (field && form && !field.defaultValue) {
  form.querySelector("[data-filter-button]").hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 150);
  });
  if (field.value) show();
}
