const kind = document.getElementById("kind"), words = document.getElementById("words"), shown = document.getElementById("shown");
const all = [...document.querySelectorAll("details.question")];
function filter() {
  const sought = words.value.toLowerCase(); let count = 0;
  for (const one of all) {
    const fits = (!kind.value || one.dataset.kind === kind.value) && (!sought || one.textContent.toLowerCase().includes(sought));
    one.hidden = !fits; count += fits;
  }
  shown.textContent = `${count} of ${all.length}`;
}
kind.addEventListener("change", filter); words.addEventListener("input", filter); filter();
