/* Saves a category as soon as it is chosen, one answer at a time and in order. Without this script a button saves them. */

const form = document.querySelector("[data-keeps]");
const said = document.querySelector("[data-kept]");
let earlier = Promise.resolve();

async function keep(name, value) {
  const hidden = [...form.querySelectorAll("input[type=hidden]")].map((input) => [input.name, input.value]);
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      body: new URLSearchParams([...hidden, [name, value]]),
      headers: { Accept: "application/json" },
    });
    /* Led elsewhere: the answers are closed, or the link is. The page itself says why. */
    if (response.redirected) {
      location.reload();
      return;
    }
    said.textContent = (await response.json()).said;
  } catch {
    said.textContent = form.dataset.failed;
  }
}

form?.addEventListener("change", ({ target }) => {
  if (said && target.matches("select[name^='category-']")) {
    earlier = earlier.then(() => keep(target.name, target.value));
  }
});
