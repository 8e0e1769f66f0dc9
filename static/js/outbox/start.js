// On every page of somebody signed in: the worker, what waits, and a way out for forms that find no signal.
(() => {
  const outbox = self.outbox;
  const { store, entry: words, send } = outbox;
  const meta = document.querySelector("meta[name=outbox]");
  const page = document.documentElement;

  // Written at once and read at once: a page that is being left has no time to wait.
  function recall(name) {
    try { return localStorage.getItem(`cho-gui.${name}`) || ""; } catch { return ""; }
  }
  function remember(name, value) {
    try { localStorage.setItem(`cho-gui.${name}`, value); } catch { /* A window that keeps nothing. */ }
  }
  outbox.memory = { recall, remember };
  if (meta.content) remember("who", meta.content);
  outbox.who = () => recall("who");

  // ── the worker ──
  const tellWorker = (message) => navigator.serviceWorker.ready.then((one) => one.active.postMessage(message));
  async function hire() {
    await navigator.serviceWorker.register("/sw.js");
    if (recall("language") !== page.lang) {
      await tellWorker({ language: page.lang });
      remember("language", page.lang);
    }
  }
  if (meta.content && navigator.serviceWorker) {
    addEventListener("load", () => hire().catch(() => {}));
  }

  // ── what waits ──
  // Asked for once something waits: the browser then does not clear it when the phone runs full.
  function hold() {
    if (held || !navigator.storage || !navigator.storage.persist) return;
    held = true;
    navigator.storage.persist().catch(() => {});
  }
  let unsent = 0;
  let held = false;
  async function count() {
    const all = await store.all().catch(() => []);
    unsent = all.filter((one) => one.state !== "sent" && one.account === outbox.who()).length;
    if (unsent) hold();
    let sign = document.querySelector("[data-outbox-count]");
    const tools = document.querySelector(".top .tools");
    if (!sign && unsent && tools) {
      sign = document.createElement("a");
      sign.href = "/cho-gui";
      sign.className = "pill pill-accent pill-link nowrap";
      sign.dataset.outboxCount = "";
      // Read aloud "waiting to be sent: 3"; seen as an arrow and a number, since a phone's header is narrow.
      sign.innerHTML = '<span class="sr-only"></span><span aria-hidden="true"></span>';
      tools.prepend(sign);
    }
    if (!sign) return;
    sign.hidden = !unsent;
    // On a phone the sign takes the room of the name; the mark beside it still says where one is.
    const name = document.querySelector(".top .brand > span");
    if (name) name.classList.toggle("sr-only", Boolean(unsent) && innerWidth < 480);
    sign.firstChild.textContent = meta.dataset.waiting.replace("{n}", unsent);
    sign.lastChild.textContent = `↑ ${unsent}`;
  }
  store.watch(count);
  count();
  send.flush();
  addEventListener("online", send.now);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send.flush(); });

  // ── leaving ──
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/dang-xuat']")) return;
    if (unsent && !confirm(meta.dataset.leave.replace("{n}", unsent))) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    remember("who", "");
  }, true);

  // ── forms that find no signal ──
  for (const form of document.querySelectorAll("form[method=post]")) {
    const kind = words.kindOf(new URL(form.action, location.href).pathname);
    if (!kind) continue;
    const owner = document.createElement("input");
    owner.type = "hidden";
    owner.name = "outbox_account";
    owner.value = outbox.who();
    form.append(owner);
    form.addEventListener("submit", (event) => watch(event, form, kind));
  }

  // With a worker the form simply goes: should it not get through, the worker keeps it. Without one we look first.
  async function watch(event, form, kind) {
    const guarded = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (guarded || form.dataset.through || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    const typed = new FormData(form);
    if (button && button.name) typed.append(button.name, button.value);
    if (navigator.onLine && await send.session()) {
      form.dataset.through = "yes";
      form.requestSubmit(button);
      return;
    }
    try {
      if (!words.isEntry(typed)) throw new Error("nothing to keep");
      const entry = words.make(kind, typed, outbox.who());
      await store.put(entry);
      form.reset();
      location.assign(`/cho-gui?giu=${entry.uuid}`);
    } catch {
      // Nothing can be kept here: let the browser try, and keep what was typed.
      form.dataset.through = "yes";
      form.requestSubmit(button);
    }
  }
})();
