// While a name is typed: might it be somebody whom I taught before? A hint; the form asks by itself when sent.

const place = document.querySelector("[data-hint]");
const WAIT = 250;

function setUp() {
  const form = place.closest("form");
  const name = form.elements.full_name;
  const watched = ["full_name", "phone", "ward_code", "taught_on"];
  let timer = 0;
  let asked = 0;
  let settled = "";

  const said = () => watched.map((field) => form.elements[field]?.value ?? "").join("\n");
  const clear = () => { place.replaceChildren(); place.hidden = true; };

  function word(tag, text, kind) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function press(text, kind, act) {
    const made = word("button", text, `button ${kind}`);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function answer(value, text) {
    settled = said();
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "learner";
    kept.value = value;
    const line = word("p", text);
    const undo = press(place.dataset.change, "button-quiet", () => { settled = ""; look(); });
    place.replaceChildren(line, undo, kept);
    place.hidden = false;
    form.querySelector("button[type=submit]").focus({ preventScroll: true });
  }

  function show(hint) {
    if (!hint.question) { clear(); return; }
    const parts = [word("p", hint.question, "strong")];
    if (hint.stands) parts.push(word("p", hint.stands));
    for (const one of hint.candidates) {
      const same = press(place.dataset.same, "button-secondary", () => {
        answer(one.id, place.dataset.isSame.replace("{who}", one.text));
      });
      const line = word("p", one.text);
      line.id = `hint-${one.id}`;
      same.setAttribute("aria-describedby", line.id);
      parts.push(line, same);
    }
    parts.push(press(place.dataset.other, "button-secondary", () => answer("other", place.dataset.isOther)));
    place.replaceChildren(...parts);
    place.hidden = false;
  }

  async function look() {
    const now = ++asked;
    if (name.value.trim().length < 2) { clear(); return; }
    const query = new URLSearchParams(watched.map((field) => [field, form.elements[field]?.value ?? ""]));
    try {
      const reply = await fetch(`${place.dataset.hint}?${query}`, { headers: { Accept: "application/json" } });
      if (reply.ok && !reply.redirected && now === asked) show(await reply.json());
    } catch {
      // No signal: the form asks when it is sent.
    }
  }

  function changed(event) {
    if (!watched.includes(event.target.name)) return;
    // The answer was about what stood there before, the question of the page without scripts too.
    if (settled === said()) return;
    if (event.target.name === "full_name") form.querySelector("fieldset:has([name=learner])")?.remove();
    if (form.querySelector("fieldset [name=learner]")) return;
    settled = "";
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
    form.querySelector("input[type=hidden][name=learner]")?.remove();
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
}

if (place) setUp();
