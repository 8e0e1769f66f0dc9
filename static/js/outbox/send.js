// Sends what waits, one entry after the other, in the name of whoever is signed in and of nobody else.
(() => {
  const outbox = self.outbox;
  const { store, entry: words } = outbox;
  const FIRST_PAUSE = 5000;
  const LONGEST_PAUSE = 600000;
  const PATIENCE = 30000;
  const KEEP_SENT = 7 * 24 * 3600 * 1000;
  // Without the lock of tabs another tab may be at it: after this it was killed.
  const GIVEN_UP = 120000;
  // How the last round ended: "" (nothing to say), "sending", "offline", "signed_out", "busy".
  const state = { now: "", account: undefined };
  let failures = 0;
  let timer = 0;

  async function ask(path, options = {}) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(path, {
        cache: "no-store", credentials: "same-origin", redirect: "error", signal: stop.signal, ...options,
      });
      const type = answer.headers.get("Content-Type") || "";
      // A hotel's or a market's own page in place of ours is no answer.
      if (!type.includes("json")) return { status: 599, body: {} };
      return { status: answer.status, body: await answer.json() };
    } catch {
      return { status: 0, body: {} };
    } finally {
      clearTimeout(clock);
    }
  }

  async function session() {
    const answer = await ask("/api/v1/session");
    return answer.status === 200 ? answer.body : null;
  }

  function put(entry, csrf) {
    const { uuid, kind, version, made_at, account, content } = entry;
    return ask(`/api/v1/outbox/${uuid}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({
        uuid, kind, version, made_at, account, content, sent_at: new Date().toISOString(),
      }),
    });
  }

  const open = (entry) => entry.state === "waiting" || entry.state === "sending";

  function say(now) {
    state.now = now;
    dispatchEvent(new Event("outbox"));
  }

  async function flush() {
    let entries;
    try {
      entries = await store.all();
    } catch {
      return;
    }
    await sweep(entries);
    if (!entries.some(open)) return;
    if (!navigator.locks) return deliver();
    // One tab sends; the others leave it to that one.
    await navigator.locks.request("cho-gui", { ifAvailable: true }, (lock) => lock && deliver());
  }

  async function deliver() {
    if (navigator.onLine === false) return pause();
    say("sending");
    const who = await session();
    if (!who) return pause();
    state.account = who.account;
    if (!who.account) return say("signed_out");
    let token = who.csrf;
    for (const entry of await store.all()) {
      if (!open(entry) || entry.account !== who.account) continue;
      const busy = entry.state === "sending" && !navigator.locks && Date.now() - entry.tried < GIVEN_UP;
      if (busy) continue;
      await store.change(entry.uuid, (one) => [{ ...one, state: "sending", tried: Date.now() }]);
      let answer = await put(entry, token);
      if (answer.status === 400 && answer.body.code === "csrf") {
        const again = await session();
        token = again && again.account === who.account ? again.csrf : "";
        if (token) answer = await put(entry, token);
      }
      const goOn = await settle(entry.uuid, answer);
      if (!goOn) return;
    }
    failures = 0;
    say("");
  }

  // Writes down what became of an entry; true where the next one may be sent.
  async function settle(uuid, { status, body }) {
    if (status === 200) {
      await store.change(uuid, (one) => done(one, body));
      return true;
    }
    const stays = status === 401 || body.code === "someone_else" || body.code === "csrf";
    // A newer page than the server: after the upgrade it is understood.
    const later = status === 0 || status === 429 || status >= 500 || body.code === "entry_newer";
    if (stays || later) {
      await store.change(uuid, (one) => [{ ...one, state: "waiting" }]);
      if (stays) say("signed_out");
      else pause(status === 0 ? "offline" : "busy");
      return false;
    }
    const asked = body.candidates || body.left;
    await store.change(uuid, (one) => [{
      ...one,
      state: asked ? "asks" : "refused",
      code: body.code || "",
      words: body.words || {},
      why: body.detail || "",
      candidates: body.candidates,
      left: body.left,
    }]);
    return true;
  }

  // A sent entry keeps a line to show and loses the rest. Lines that were left become an entry of their own.
  function done(one, body) {
    const sent = {
      uuid: one.uuid, kind: one.kind, account: one.account, made_at: one.made_at, order: one.order,
      state: "sent", sent_at: Date.now(), summary: words.summary(one),
      teaching_ids: body.teaching_ids, class_id: body.class_id,
    };
    const left = body.left || [];
    if (!left.length) return [sent];
    sent.summary.people = body.teaching_ids.length;
    const { skills, taught_on, held_on, place, ward_code } = one.content;
    return [sent, {
      ...one,
      uuid: words.newUuid(), kind: "several", state: "asks", order: one.order + 0.5,
      left: left.map((line, place) => ({ ...line, row: place + 1 })),
      content: {
        lines: left.map((line) => line.text).join("\n"),
        skills, ward_code, taught_on: taught_on || held_on || "",
        place: one.kind === "class" ? "" : place,
        ...(body.class_id ? { class_id: body.class_id } : {}),
      },
    }];
  }

  function pause(how = "offline") {
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE));
    say(how);
  }

  // What was sent is shown for a week, then nothing of it is left on the phone.
  async function sweep(entries) {
    for (const entry of entries) {
      if (entry.state === "sent" && Math.abs(Date.now() - entry.sent_at) > KEEP_SENT) await store.remove(entry.uuid);
    }
  }

  function now() {
    failures = 0;
    clearTimeout(timer);
    return flush();
  }

  outbox.send = { flush, now, state, open, session };
})();
