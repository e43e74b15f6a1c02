// Makes pages quicker to use; every page works without it.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Controls that only work with this script are hidden until now.
const wake = (root) => $$("[data-all], [data-copy], [data-print], [data-open]", root)
  .forEach((control) => { control.hidden = "copy" in control.dataset && !navigator.clipboard; });
wake(document);
$("[data-focus]")?.focus();
$$(".table, .scroll").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });

const size = (bytes) => bytes < 1048576
  ? `${Math.max(1, Math.round(bytes / 1024))} KB`
  : `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

const rowsOf = (box) => $$("tbody .ck input[type=checkbox]", box.closest("table"));

function count(table) {
  const boxes = $$("tbody .ck input[type=checkbox]", table);
  const chosen = boxes.filter((box) => box.checked).length;
  const all = $("[data-all]", table);
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  $$("[data-count]", table.closest("form") ?? document).forEach((place) => { place.textContent = chosen; });
}
$$("table:has(.ck)").forEach(count);

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=file]")) {
    const words = $("output", target.parentElement);
    if (words) words.textContent = [...target.files].map((file) => `${file.name}, ${size(file.size)}`).join("; ");
  } else if (target.matches("[data-all]")) {
    rowsOf(target).forEach((box) => { box.checked = target.checked; });
    count(target.closest("table"));
  } else if (target.closest(".ck")) {
    count(target.closest("table"));
  } else if (target.matches("[data-auto]")) {
    target.form.requestSubmit();
  }
});

document.addEventListener("click", async ({ target }) => {
  $$("details.drop[open]").forEach((drop) => { if (!drop.contains(target)) drop.open = false; });
  const button = target.closest("[data-open], [data-copy], [data-print]");
  if (!button) return;
  if (button.dataset.open) document.getElementById(button.dataset.open)?.showModal();
  else if ("print" in button.dataset) window.print();
  else {
    await navigator.clipboard.writeText(button.dataset.copy);
    $("[role=status]", button).textContent = button.dataset.done;
  }
});

// Ask first (data-confirm = a dialog's id), then send once (data-once).
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const dialog = document.getElementById(submitter?.dataset.confirm ?? form.dataset.confirm);
  if (dialog && !form.sure) {
    event.preventDefault();
    dialog.returnValue = "";
    dialog.showModal();
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      form.sure = true;
      form.requestSubmit(submitter);
    };
  } else if ("once" in form.dataset) {
    if (form.sent) event.preventDefault();
    form.sent = true;
    submitter?.setAttribute("aria-disabled", "true");
  }
  if (event.defaultPrevented) return;
  if (form.dataset.draft) sessionStorage.setItem("sent", form.dataset.draft);
  if ("signOut" in form.dataset) sessionStorage.clear();
});
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) $$("form").forEach((form) => { form.sent = form.sure = false; });
});

// Keys: data-key="x" presses, "/" goes to the search, 1-9 choose an answer, arrows follow rel=prev and rel=next, and press the buttons back and next.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") $$("details.drop[open]").forEach((drop) => { drop.open = false; $("summary", drop).focus(); });
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])") || $("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const asks = $$(".ask");
  const arrow = !event.target.matches("input") && { arrowleft: "[rel=prev], [value=back]", arrowright: "[rel=next], [value=next]" }[key];
  const hit = arrow ? $(`.foot :is(${arrow})`)
    : /^[1-9]$/.test(key) ? asks.length === 1 && $$(".opt input", asks[0])[key - 1]
    : /^[a-z/]$/.test(key) && $(`[data-key="${key}"]`);
  if (!hit) return;
  event.preventDefault();
  if (hit.matches("input[type=search]")) hit.focus();
  else { hit.focus(); hit.click(); }
});

// Typed text in form[data-draft] survives a lost connection or an expired session, in this tab only.
// A page that answers the sending ends the draft, unless it is an error page or the sign-in ([data-keep-drafts]).
const drafts = "[data-draft] textarea, [data-draft] input[type=text]";
const nameOf = (field) => `draft:${field.form.dataset.draft}:${field.name}`;
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !$("[data-keep-drafts]")) {
  Object.keys(sessionStorage).filter((name) => name.startsWith(`draft:${sent}:`)).forEach((name) => sessionStorage.removeItem(name));
}
$$(drafts).forEach((field) => {
  const kept = sessionStorage.getItem(nameOf(field));
  if (kept !== null && !field.value) field.value = kept;
});
document.addEventListener("input", ({ target }) => {
  if (target.matches(drafts)) sessionStorage.setItem(nameOf(target), target.value);
});

// A part of the page that changes while work goes on: <section id="…" data-refresh="seconds">.
async function follow() {
  const part = $("[data-refresh]");
  if (!part) return;
  await new Promise((done) => { setTimeout(done, 1000 * Number(part.dataset.refresh)); });
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh) { part.replaceWith(fresh); wake(fresh); } else location.reload();
  } catch { /* no connection: try again */ }
  follow();
}
follow();
