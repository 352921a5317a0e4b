// A form that makes the server work says so; Escape closes what is open. Every page works without this file.
"use strict";
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button:not([name])");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
}
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const one of document.querySelectorAll("details[open]")) one.open = false;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing) {
    const field = document.querySelector("[data-search]");
    if (field) { event.preventDefault(); field.focus(); }
  }
});
for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const late = form.querySelector("[data-too-large]");
  const fits = () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    late.hidden = size <= Number(form.dataset.most);
    input.setCustomValidity(late.hidden ? "" : late.textContent);
    return late.hidden;
  };
  input.addEventListener("change", fits);
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    if (fits() && form.checkValidity()) form.requestSubmit();
  });
}
for (const form of document.querySelectorAll("form")) {
  const told = form.querySelector("[data-progress]");
  if (told) form.addEventListener("submit", () => { told.hidden = false; });
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    button.textContent = button.dataset.done;
  });
}
