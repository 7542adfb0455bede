/* Files dropped or chosen go up at once, one after the other, each with its own progress. Without this script the
   form uploads them with its button.

   The page's <template id="upload-words"> has the words and the parts that are added. */

const template = document.querySelector("#upload-words");
const words = template.dataset;

const part = (selector) => template.content.querySelector(selector).cloneNode(true);
const say = (word, file) => words[word].replace("{name}", () => file.name);

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  const list = part(".upload__files");
  list.setAttribute("aria-live", "polite");
  form.querySelector("button").hidden = true;
  form.classList.add("upload--ready");
  form.append(part(".upload__hint"), list);
  input.addEventListener("change", () => {
    if (input.files.length) {
      takeAll(form, list, [...input.files]);
    }
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("upload--over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("upload--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("upload--over");
    takeAll(form, list, [...event.dataTransfer.files]);
  });
}

async function takeAll(form, list, files) {
  const input = form.querySelector("input[type=file]");
  input.disabled = true;
  const results = [];
  for (const file of files) {
    results.push(await take(form, list, file));
  }
  input.disabled = false;
  input.value = "";
  if (results.includes("kept")) {
    await refresh(form, list);
  }
}

async function take(form, list, file) {
  const line = part(".upload__file");
  const text = line.querySelector("[data-words]");
  const bar = line.querySelector("progress");
  const finish = (state, sentence) => {
    bar.remove();
    text.textContent = sentence;
    line.classList.add(`upload__file--${state}`);
    return state === "added" ? "kept" : "refused";
  };
  list.append(line);
  if (file.size > Number(words.most)) {
    return finish("refused", say("tooLarge", file));
  }
  text.textContent = say("uploading", file);
  bar.setAttribute("aria-label", text.textContent);
  try {
    const request = await send(form, file, (share) => {
      bar.value = share;
      if (share >= 100) {
        /* All of it has arrived; how long looking through it takes is not known. */
        bar.removeAttribute("value");
        text.textContent = say("checking", file);
      }
    });
    if (request.status === 403) {
      return finish("refused", say("late", file));
    }
    const answer = JSON.parse(request.responseText);
    if (answer.next) {
      location.assign(answer.next);
    }
    return answer.kept ? finish("added", say("added", file)) : finish("refused", answer.refused.join(" "));
  } catch {
    return finish("refused", say("failed", file));
  }
}

function send(form, file, progress) {
  const body = new FormData(form);
  body.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      progress(event.lengthComputable ? (100 * event.loaded) / event.total : 0);
    });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.send(body);
  });
}

/* The page as it is now, with what was just said kept in its place, and the focus too. */
async function refresh(form, list) {
  const key = form.querySelector("[name=document_request]").value;
  const said = [...list.children];
  const response = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-documents]");
  const shown = document.querySelector("[data-documents]");
  if (!fresh) {
    location.reload();
    return;
  }
  shown.replaceChildren(...fresh.childNodes);
  enhanceAll(shown);
  const mine = [...shown.querySelectorAll("form[data-upload]")].find(
    (each) => each.querySelector("[name=document_request]").value === key,
  );
  mine?.querySelector(".upload__files").append(...said);
  mine?.querySelector("input[type=file]").focus();
}

function enhanceAll(root) {
  root.querySelectorAll("form[data-upload]").forEach(enhance);
}

enhanceAll(document);
