// What makes the pages better where scripts run. Every page works without this file.

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Buttons that only scripts can serve wait hidden in the page.
function wake(selector, act) {
  for (const button of all(selector)) {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
}

function say(button) {
  const word = button.querySelector("span");
  const before = word.textContent;
  word.textContent = button.dataset.done;
  word.setAttribute("role", "status");
  setTimeout(() => { word.textContent = before; }, 2500);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http on a village network, or an old in-app browser.
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
}

wake("[data-copy]", async (button) => { await copy(button.dataset.copy); say(button); });
wake("[data-print]", () => print());
wake("[data-dismiss]", (button) => button.closest(".notice").remove());
wake("[data-share]", async (button) => {
  const { share: url, title, text } = button.dataset;
  if (navigator.share) {
    try {
      await navigator.share({ url, title, text });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  await copy([text, url].filter(Boolean).join("\n"));
  say(button);
});

// Forms: never sent twice by two taps; a warning before typed words are lost.
let unsent = null;
for (const form of all("form[data-unsent]")) {
  form.addEventListener("input", () => { unsent = form; });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  unsent = null;
  // aria-disabled, not disabled: the pressed button's own name and value must still travel.
  for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of all("button", form)) button.removeAttribute("aria-disabled");
  }
});
addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
document.querySelector("[data-focus]")?.focus();

for (const holder of all("[data-reveal]")) {
  const input = holder.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary";
  button.setAttribute("aria-controls", input.id);
  const show = (open) => {
    input.type = open ? "text" : "password";
    button.textContent = open ? holder.dataset.hide : holder.dataset.show;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  show(false);
  holder.append(button);
}

// A list narrows while one types, with or without accents.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
for (const input of all("[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  if (!list) continue;
  const items = all("[data-filter-text]", list).map((item) => [item, fold(item.dataset.filterText)]);
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/);
    for (const [item, text] of items) item.hidden = !words.every((word) => text.includes(word));
  });
}

// Menus close at a tap outside and at Escape.
document.addEventListener("click", (event) => {
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A wide tree opens at its root, and every tree can be made bigger.
for (const tree of all("[data-tree]")) {
  const middle = () => { tree.scrollLeft = (tree.scrollWidth - tree.clientWidth) / 2; };
  middle();
  const picture = tree.querySelector("svg");
  for (const button of all(`[data-zoom="${tree.dataset.tree}"]`)) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const width = picture.getBoundingClientRect().width * Number(button.dataset.by);
      tree.classList.add("tree-zoomed");
      picture.style.width = `${Math.max(200, Math.min(width, 6000))}px`;
      middle();
    });
  }
}

function celebrate() {
  const canvas = document.createElement("canvas");
  canvas.className = "confetti";
  canvas.setAttribute("aria-hidden", "true");
  document.body.append(canvas);
  const width = canvas.width = innerWidth;
  const height = canvas.height = innerHeight;
  const pen = canvas.getContext("2d");
  const tones = ["#f2a900", "#0b5cad", "#1a8a4f", "#d9485f", "#8dbff0"];
  const pieces = Array.from({ length: 90 }, (_, n) => ({
    x: width / 2, y: height * 0.35, turn: n, tone: tones[n % tones.length],
    dx: (Math.random() - 0.5) * 13, dy: -4 - Math.random() * 9, size: 6 + Math.random() * 6,
  }));
  const start = performance.now();
  requestAnimationFrame(function draw(time) {
    pen.clearRect(0, 0, width, height);
    for (const piece of pieces) {
      piece.x += piece.dx;
      piece.y += piece.dy;
      piece.dy += 0.25;
      piece.dx *= 0.99;
      piece.turn += 0.12;
      pen.save();
      pen.translate(piece.x, piece.y);
      pen.rotate(piece.turn);
      pen.fillStyle = piece.tone;
      pen.fillRect(-piece.size / 2, -piece.size / 4, piece.size, piece.size / 2);
      pen.restore();
    }
    if (time - start < 2600) requestAnimationFrame(draw);
    else canvas.remove();
  });
}
if (document.querySelector("[data-celebrate]") && !calm()) celebrate();
