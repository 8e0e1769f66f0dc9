// The screen of a class turns by itself: the code of this minute, and who has checked in. Without scripts the
// whole page is loaded again every twenty seconds.

const holder = document.querySelector("[data-turning]");
const told = document.querySelector("[data-turning-told]");
const EVERY = 4000;

function number(root) {
  return root.querySelector("[data-number]")?.dataset.number;
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(holder.dataset.turning);
    // Signed out meanwhile, or the class is gone: the page itself says so.
    if (answer.redirected || answer.status === 403 || answer.status === 404) location.reload();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (fresh.innerHTML === holder.innerHTML) return;
    const before = number(holder);
    holder.replaceChildren(...fresh.childNodes);
    if (before !== number(holder)) told.textContent = holder.querySelector("[data-number]").textContent;
  } catch {
    // No signal just now: the next try comes anyway; the code on the screen stays good for two minutes.
  }
}

if (holder) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
