// The service worker: keeps the page for when there is no signal, and what it is made of. It keeps no page of a
// person, ever: phones are shared. What it may keep stands in SHELF, written by the server.
(() => {
  const { entry: words, store } = self.outbox;
  const { version, files, pages } = self.SHELF;
  const PREFIX = "ngoai-tuyen-";
  const NAME = PREFIX + version;
  const SETTINGS = "cai-dat";
  const DOWN = [502, 503, 504];
  // With a bar of signal a page can take for ever. So long one waits for a form that the phone has, too.
  const PATIENCE = 12000;
  const FRESH = 6 * 3600 * 1000;

  self.addEventListener("install", (event) => event.waitUntil(fill()));
  self.addEventListener("activate", (event) => event.waitUntil(tidy()));
  self.addEventListener("message", (event) => {
    const { language } = event.data || {};
    if (pages[language]) event.waitUntil(remember("language", language));
  });

  async function fill() {
    const kept = await caches.open(NAME);
    await kept.addAll(files);
    await Promise.all(Object.values(pages).map((address) => keep(kept, address)));
    await remember("asked", String(Date.now()));
  }

  async function keep(kept, address) {
    // Asked for as nobody: the server cannot put anything of a person into it.
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    // A page of the next version asks for files that are not here: it comes with the next worker.
    const parts = (await answer.clone().text()).match(/\/static\/(css|js)\/[^"]+/g) || [];
    if (parts.some((part) => !files.includes(part))) throw new Error(`${address}: another version`);
    await kept.put(address, answer);
  }

  // A newer worker waits until the last page of the one before is closed: no page is half old, half new.
  async function tidy() {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
    // The one before stays: a page of it may be open, and asks for its own files.
    await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
    // The very first worker serves the page that hired it; a later one begins with the next page.
    if (!names.length) await self.clients.claim();
  }

  async function remember(name, value) {
    await (await caches.open(SETTINGS)).put(`/${name}`, new Response(value));
  }

  async function recall(name) {
    const found = await caches.match(`/${name}`, { cacheName: SETTINGS });
    return found ? found.text() : "";
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (request.method === "GET") event.respondWith(page(event, url));
      else if (request.method === "POST" && words.kindOf(url.pathname)) event.respondWith(form(event, url));
    } else if (request.method === "GET" && url.pathname.startsWith("/static/") && url.searchParams.has("v")) {
      event.respondWith(file(request));
    }
  });

  async function file(request) {
    return await caches.match(request, { ignoreVary: true }) || fetch(request);
  }

  async function page(event, url) {
    const here = words.kindOf(url.pathname) || ["/cho-gui", "/ngoai-tuyen"].includes(url.pathname);
    try {
      const answer = await (here ? soon(fetch(event.request)) : fetch(event.request));
      if (here && DOWN.includes(answer.status)) return await shell() || answer;
      event.waitUntil(refresh());
      return answer;
    } catch {
      const chosen = /^\/ngon-ngu\/(\w+)$/.exec(url.pathname);
      const asked = chosen ? chosen[1] : url.searchParams.get("tieng");
      if (pages[asked]) await remember("language", asked);
      return await shell() || Response.error();
    }
  }

  function soon(answer) {
    return Promise.race([answer, new Promise((_, no) => { setTimeout(() => no(new Error("slow")), PATIENCE); })]);
  }

  async function shell() {
    const address = pages[await recall("language")] || pages.vi;
    return await caches.match(address, { cacheName: NAME, ignoreVary: true })
      || caches.match(address, { ignoreVary: true });
  }

  // Skills and wards change now and then.
  async function refresh() {
    const age = Date.now() - Number(await recall("asked"));
    if (age >= 0 && age < FRESH) return;
    await remember("asked", String(Date.now()));
    const kept = await caches.open(NAME);
    await Promise.all(Object.values(pages).map((address) => keep(kept, address).catch(() => {})));
  }

  // A form that does not get through is kept in the outbox, under the mark it has: should it have got through
  // after all, sending it again makes nothing.
  async function form(event, url) {
    const copy = event.request.clone();
    let answer = null;
    try {
      answer = await fetch(event.request);
      if (!DOWN.includes(answer.status)) return answer;
    } catch {
      // No way through.
    }
    try {
      const typed = await copy.formData();
      if (!words.isEntry(typed)) return answer || await shell() || Response.error();
      const entry = words.make(words.kindOf(url.pathname), typed, typed.get("outbox_account") || "");
      await store.put(entry);
      return Response.redirect(`/cho-gui?giu=${entry.uuid}`, 303);
    } catch {
      return answer || Response.error();
    }
  }
})();
