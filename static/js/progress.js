/* Keeps a waiting page up to date. Without this script the page refreshes itself.

   The page marks the part that moves with data-live, and says with data-next where to go when the waiting is over.
   The page's own address is asked again; its answer is that nothing is new, or the part alone, as JSON, or a whole page.
   The page says which request it is of: once the browser has opened another one, that is not shown in its place.
   A whole page without that part (the form after a refused sign-in, the end, a link withdrawn meanwhile) means: go on. */

const FAST = 2000;
const SLOW = 10000;
const FAST_FOR = 60000;
const QUIET = 10000;

const live = document.querySelector("[data-live]");
const spoken = document.querySelector("[data-spoken]");
const outage = document.querySelector("[data-outage]");
const elapsed = document.querySelector("[data-so-far]");
const ofRequest = document.querySelector("[name=of_request]")?.value;
const opened = Date.now();
let spokenAt = opened;
let seen = "";
let timer;

function interval() {
  return Date.now() - opened < FAST_FOR ? FAST : SLOW;
}

function wait() {
  clearTimeout(timer);
  if (!document.hidden) {
    timer = setTimeout(ask, interval());
  }
}

function goOn() {
  location.replace(live.dataset.next);
}

/* A screen reader hears a new stage at once and mere counting at most every ten seconds. */
function speak(stageBefore) {
  const stage = live.querySelector("[data-stage]");
  const summary = live.querySelector("[data-summary]");
  if (!stage || !summary) {
    return;
  }
  if (stage.textContent !== stageBefore || Date.now() - spokenAt >= QUIET) {
    spoken.textContent = summary.textContent.trim().replace(/\s+/g, " ");
    spokenAt = Date.now();
  }
}

/* How long it has taken: the page says it when it comes, and the browser's clock goes on from there. */
function countOn() {
  const { soFar, moment, minute, minutes, hours } = elapsed.dataset;
  const count = Math.floor((Date.now() - opened + soFar * 1000) / 60000);
  const words = count < 1 ? moment : count < 2 ? minute : count < 120 ? minutes : hours;
  const said = words.replace("{count}", count < 120 ? count : Math.floor(count / 60));
  if (elapsed.textContent !== said) {
    elapsed.textContent = said;
  }
}

function show(html) {
  const stageBefore = live.querySelector("[data-stage]")?.textContent;
  live.innerHTML = html;
  speak(stageBefore);
}

async function read(response) {
  if (response.headers.get("Content-Type").startsWith("application/json")) {
    const { finished, html } = await response.json();
    return finished ? null : html;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector(`[data-live="${live.dataset.live}"]`)?.innerHTML ?? null;
}

async function ask() {
  try {
    const response = await fetch(location.pathname, {
      headers: {
        Accept: "application/json",
        ...(seen && { "If-None-Match": seen }),
        ...(ofRequest && { "Of-Request": ofRequest }),
      },
      signal: AbortSignal.timeout(SLOW),
    });
    if (response.status >= 500 || response.status === 429) {
      throw new Error(`The server answered ${response.status}.`);
    }
    if (response.status === 304) {
      outage.hidden = true;
      wait();
      return;
    }
    const html = response.ok ? await read(response) : null;
    seen = response.headers.get("ETag") ?? "";
    outage.hidden = true;
    if (html === null) {
      goOn();
      return;
    }
    show(html);
  } catch {
    outage.hidden = false;
  }
  wait();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    clearTimeout(timer);
  } else {
    ask();
  }
});

if (elapsed) {
  setInterval(countOn, FAST);
}
wait();
