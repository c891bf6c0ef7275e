// Runs once per list of answers or results; Gradio provides "element" and "trigger".
const say = (button, word) => {
  const before = button.dataset.label || button.textContent;
  button.dataset.label = before;
  button.textContent = word;
  setTimeout(() => { button.textContent = before; }, 1600);
};

const copyByHand = (text) => {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.appendChild(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
};

const copy = async (button) => {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    say(button, "Copied");
  } catch {
    say(button, copyByHand(text) ? "Copied" : "Not copied");
    button.focus();
  }
};

const scroller = () => document.getElementById("otr-right");

const showMark = () => {
  const mark = element.querySelector("#cited");
  const box = scroller();
  if (!mark || !box) return;
  box.scrollTop = 0;
  const above = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const shown = Math.min(box.clientHeight, window.innerHeight - box.getBoundingClientRect().top);
  // If the passage is already in view, do not scroll the headline away.
  if (above + mark.offsetHeight > shown) box.scrollTop = above - Math.max(64, (shown - mark.offsetHeight) / 3);
  element.querySelector("h3").focus({ preventScroll: true });
};

const reopen = () => {
  const from = window.onTheRecordOpener;
  const back = from && document.querySelector(from);
  if (back) back.focus();
};

const close = () => {
  trigger("click", { kind: "close", turn: 0, number: 0 });
  setTimeout(reopen, 0);
};

element.addEventListener("click", (event) => {
  const copying = event.target.closest("button[data-copy]");
  if (copying) { copy(copying); return; }
  if (event.target.closest("button.otr-close")) { close(); return; }
  const picked = event.target.closest("button[data-kind]");
  if (!picked) return;
  const { kind, turn, number } = picked.dataset;
  window.onTheRecordOpener = `button.${picked.className}[data-kind="${kind}"][data-turn="${turn}"][data-number="${number}"]`;
  document.querySelectorAll("button[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  picked.setAttribute("aria-current", "true");
  trigger("click", { kind, turn: Number(turn), number: Number(number) });
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".otr-article")) close();
});

watch("value", showMark);
