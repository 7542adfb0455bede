/* Warns before the visit ends, and says so when it has ended. Without this script the server says so at the next click.

   Another tab may have prolonged the visit meanwhile, or the computer may have slept: so the server is asked how much is
   left before anything is said. Asking does not count as a sign of life. */

const SECOND = 1000;

const dialog = document.querySelector("[data-visit]");
const soon = dialog.querySelector("[data-soon]");
const over = dialog.querySelector("[data-over]");
const stay = dialog.querySelector("[data-stay]");
const warning = Number(dialog.dataset.warning) * 60 * SECOND;
let timer;

async function secondsLeft(options) {
  const response = await fetch(dialog.dataset.visit, { headers: { Accept: "application/json" }, ...options });
  return response.ok ? (await response.json()).left : 0;
}

function show(part) {
  soon.hidden = part !== soon;
  over.hidden = part !== over;
  dialog.setAttribute("aria-labelledby", part === soon ? "visit-end-heading" : "visit-over-heading");
  dialog.setAttribute("aria-describedby", part === soon ? "visit-end-words" : "visit-over-words");
  if (!dialog.open) {
    dialog.showModal();
  }
  part.querySelector("button").focus();
}

function look(left) {
  clearTimeout(timer);
  if (left <= 0) {
    show(over);
    return;
  }
  const untilWarning = left * SECOND - warning;
  if (untilWarning > 0) {
    if (dialog.open) {
      dialog.close();
    }
    timer = setTimeout(ask, untilWarning);
    return;
  }
  if (!dialog.open) {
    show(soon);
  }
  timer = setTimeout(ask, Math.min(left, 20) * SECOND);
}

async function ask(options) {
  clearTimeout(timer);
  try {
    look(await secondsLeft(options));
  } catch {
    timer = setTimeout(ask, 20 * SECOND);
  }
}

function prolong() {
  ask({ method: "POST", body: new URLSearchParams(new FormData(stay)) });
}

stay.addEventListener("submit", (event) => {
  event.preventDefault();
  prolong();
});

/* Escape closes the question; whoever presses it is there. */
dialog.addEventListener("cancel", (event) => {
  if (over.hidden) {
    event.preventDefault();
    prolong();
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && over.hidden) {
    ask();
  }
});

look(Number(dialog.dataset.left));
