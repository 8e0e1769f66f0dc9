// The page without signal: which form is asked for, keeping what it says, mending what was refused.
(() => {
  const outbox = self.outbox;
  const { store, entry: words, send, memory } = outbox;
  const rooms = Array.from(document.querySelectorAll("[data-room]"));
  const notice = (name) => document.querySelector(`[data-${name}]`);
  const forms = Object.fromEntries(
    Array.from(document.querySelectorAll("form[data-kind]"), (form) => [form.dataset.kind, form]),
  );
  const ROOMS = { one: "one", several: "several", class: "class", "/cho-gui": "outbox" };
  let mending = null;
  let busy = false;
  let unsaved = false;

  function room(name) {
    for (const one of rooms) one.hidden = one.dataset.room !== name;
    const title = document.querySelector(`[data-room="${name}"] h1`);
    if (title) document.title = `${title.textContent} · ${document.title.split(" · ").pop()}`;
  }

  // One list of wards serves all forms.
  const wards = document.querySelector("select[data-wards]");
  for (const select of document.querySelectorAll("select[data-wards-too]")) {
    select.append(...Array.from(wards.options, (option) => option.cloneNode(true)));
  }

  async function open() {
    const mark = /^#sua=([0-9a-f-]{36})$/.exec(location.hash);
    const entry = mark && await store.get(mark[1]).catch(() => null);
    const mine = entry && entry.account === outbox.who() && entry.content && entry.state !== "sent";
    mending = mine ? entry : null;
    const asked = mending ? mending.kind : words.kindOf(location.pathname) || location.hash.slice(1) || location.pathname;
    const name = ROOMS[asked] || "home";
    room(name);
    if (forms[name]) fill(forms[name], mending ? mending.content : lastTime(name));
    if (mending) tell(forms[name], mending.words || {});
    if (name !== "outbox") return;
    if (new URL(location.href).searchParams.has("giu")) notice("kept-note").hidden = false;
  }

  // What was chosen the last time, but for whom.
  const remembered = () => `last.${outbox.who()}`;
  function lastTime(kind) {
    try {
      const { skills, place, ward_code } = JSON.parse(memory.recall(remembered())) || {};
      return { skills, ward_code, place: kind === "class" ? "" : place };
    } catch {
      return {};
    }
  }

  function fill(form, content) {
    for (const [name, value] of Object.entries(content)) {
      if (value === undefined) continue;
      for (const field of form.querySelectorAll(`[name="${name}"]`)) {
        if (field.type === "checkbox") field.checked = (value || []).includes(Number(field.value));
        else if (field.type === "radio") field.checked = field.value === String(value);
        else field.value = value;
      }
    }
    const day = content.taught_on || content.held_on;
    if (day) {
      form.querySelector("[name=when][value=day]").checked = true;
      form.querySelector("details").open = true;
    }
    if (content.learner) form.dataset.learner = content.learner;
    if (content.class_id) form.dataset.classId = content.class_id;
    days(form);
  }

  function days(form) {
    form.querySelector("[data-day]").hidden = form.querySelector("[name=when]:checked").value !== "day";
  }

  function tell(form, told) {
    let first = null;
    for (const place of form.querySelectorAll("[data-wrong]")) {
      const text = told[place.dataset.wrong];
      const field = place.closest(".field");
      place.hidden = !text;
      field.classList.toggle("has-error", Boolean(text));
      if (text) place.querySelector("[data-text]").textContent = text;
      for (const input of field.querySelectorAll("input, select, textarea")) {
        if (text) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      if (!text || first) continue;
      first = field.querySelector("input, select, textarea");
      for (const hidden of [field.closest("details")]) if (hidden) hidden.open = true;
    }
    if (first) first.focus();
    return !first;
  }

  function missing(form, content) {
    const told = {};
    const need = (name, there) => { if (!there) told[name] = form.dataset[`need${name.replace("_", "")}`]; };
    const kind = form.dataset.kind;
    if (kind === "one") need("full_name", content.full_name.trim());
    if (kind === "several") need("lines", words.people(content.lines));
    need("skills", content.skills.length);
    return told;
  }

  async function keep(form) {
    const typed = new FormData(form);
    const content = words.contentOf(form.dataset.kind, typed);
    if (form.dataset.learner && mending) content.learner = form.dataset.learner;
    if (form.dataset.classId && mending) content.class_id = Number(form.dataset.classId);
    if (!tell(form, missing(form, content))) return false;
    const made = words.make(form.dataset.kind, typed, outbox.who());
    // Mended, it keeps its mark and the moment it was made.
    const kept = mending
      ? { ...mending, content, version: words.VERSION, state: "waiting", code: "", words: {}, why: "", left: undefined }
      : { ...made, content };
    await store.put(kept);
    const { skills, place, ward_code } = content;
    memory.remember(remembered(), JSON.stringify({ skills, place, ward_code }));
    return true;
  }

  for (const form of Object.values(forms)) {
    form.addEventListener("change", () => days(form));
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      const gone = (name) => { notice(name).hidden = true; };
      gone("kept");
      gone("no-store");
      try {
        if (await keep(form)) {
          unsaved = false;
          form.reset();
          delete form.dataset.learner;
          delete form.dataset.classId;
          const back = mending;
          mending = null;
          if (back) {
            location.replace("/cho-gui");
            return;
          }
          fill(form, lastTime(form.dataset.kind));
          notice("kept").hidden = false;
          notice("kept").focus();
          send.now();
        }
      } catch {
        // Full, or a window that keeps nothing: what was typed stays in the form.
        const place = notice("no-store");
        place.hidden = false;
        place.querySelector("[data-copy-typed]").dataset.text = words.asText(words.contentOf(form.dataset.kind, new FormData(form)));
        place.focus();
      } finally {
        busy = false;
      }
    });
  }

  notice("copy-typed").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    const { text, done } = button.dataset;
    const box = document.querySelector("[data-typed]");
    box.hidden = false;
    box.value = text;
    box.select();
    try { await navigator.clipboard.writeText(text); } catch { document.execCommand("copy"); }
    button.textContent = done;
  });

  for (const link of document.querySelectorAll("[data-language]")) {
    link.addEventListener("click", async (event) => {
      if (!navigator.serviceWorker || !navigator.serviceWorker.controller) return;
      event.preventDefault();
      navigator.serviceWorker.controller.postMessage({ language: link.dataset.language });
      memory.remember("language", link.dataset.language);
      if (navigator.onLine && location.pathname === "/ngoai-tuyen") location.replace(link.href + location.hash);
      else setTimeout(() => location.reload(), 150);
    });
  }

  function network() {
    notice("no-signal").hidden = navigator.onLine;
    notice("signal").hidden = !navigator.onLine || location.pathname === "/ngoai-tuyen";
  }
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  addEventListener("online", network);
  addEventListener("offline", network);
  addEventListener("hashchange", open);
  store.ready().then((ready) => { if (!ready) notice("no-store").hidden = false; });
  network();
  open();
})();
