// A list on its way in: the bar moves by itself, and a file that is too large is told before it is sent.
// Without scripts the page of progress reloads, and the server says what is too large.

const bar = document.querySelector("[data-progress]");
const EVERY = 1500;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.state !== bar.dataset.state) {
      location.reload();
      return;
    }
    if (!now.total) return;
    bar.max = now.total;
    bar.value = now.done;
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const said = bar.dataset.said.replace("{done}", number.format(now.done));
    document.querySelector(`label[for="${bar.id}"]`).textContent = said.replace("{total}", number.format(now.total));
  } catch {
    // No signal just now: the next look comes anyway.
  }
}

if (bar) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}

for (const input of document.querySelectorAll("[data-largest]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    input.form.noValidate = !large;
    if (large) input.reportValidity();
  });
}
