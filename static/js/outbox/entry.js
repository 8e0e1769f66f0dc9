// What an entry is: the fields of a form turned into content, and said in a line again. No page is needed here,
// since the worker reads it, too.
(() => {
  const outbox = self.outbox = self.outbox || {};
  const VERSION = 1;
  const KINDS = { "/ghi-nhan": "one", "/ghi-nhan/nhieu-nguoi": "several", "/lop-hoc/moi": "class" };
  const FIELDS = {
    one: ["full_name", "learner", "taught_on", "place", "ward_code", "age_band", "phone"],
    several: ["lines", "taught_on", "place", "ward_code"],
    class: ["title", "kind", "held_on", "place", "ward_code", "headcount", "elderly", "disabled", "poor",
      "minority", "lines", "note", "group_id", "lead"],
  };

  // crypto.randomUUID is missing in older browsers: RFC 9562, version 4.
  function newUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function isUuid(text) {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text || "");
  }

  // An old browser has no field for days: people write 22/11/2026 there.
  function day(text) {
    const found = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text);
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : text.trim();
  }

  function contentOf(kind, form) {
    const content = { skills: form.getAll("skills").map(Number).filter(Boolean) };
    for (const name of FIELDS[kind]) {
      const value = form.get(name);
      content[name] = typeof value === "string" ? value : "";
    }
    // The page with signal names the list otherwise, and may have asked about lines already.
    if (kind === "several") {
      content.lines = content.lines || form.get("names") || "";
      for (const [name, value] of form.entries()) {
        const asked = /^line-(\d+)-/.exec(name);
        if (!asked || !value) continue;
        const [choice, id] = value.split(":");
        content.chosen = { ...content.chosen, [asked[1]]: id ? { choice, person_id: Number(id) } : { choice } };
      }
    }
    if (kind === "class") content.helpers = form.getAll("helpers").map(Number).filter(Boolean);
    for (const name of ["taught_on", "held_on"]) {
      // "Today" is no day yet: the day an entry was made is found out when it is sent, by a clock that is right.
      if (name in content) content[name] = form.get("when") === "today" ? "" : day(content[name]);
    }
    if (form.get("class_id")) content.class_id = Number(form.get("class_id"));
    return content;
  }

  function make(kind, form, account) {
    const mark = (form.get("client_uuid") || "").toLowerCase();
    return {
      uuid: isUuid(mark) ? mark : newUuid(),
      kind, account,
      version: VERSION,
      made_at: new Date().toISOString(),
      order: Date.now(),
      state: "waiting",
      content: contentOf(kind, form),
    };
  }

  function people(lines) {
    return (lines || "").split(/\r?\n/).filter((line) => line.trim()).length;
  }

  // What is still shown once an entry was sent and its content erased.
  function summary(entry) {
    if (entry.summary) return entry.summary;
    const content = entry.content || {};
    const first = (content.lines || "").split(/\r?\n/).find((line) => line.trim()) || "";
    const names = {
      one: content.full_name,
      several: first.split(/[;,\t]/)[0],
      class: content.title || content.place,
    };
    return {
      name: names[entry.kind] || "",
      people: entry.kind === "one" ? 1 : people(content.lines),
      day: content.taught_on || content.held_on || "",
    };
  }

  // What a person can paste into a message when the phone keeps nothing.
  function asText(content) {
    return Object.values(content).filter((value) => value && typeof value === "string").join("\n");
  }

  // What a form would send is an entry, unless its button only looks something up.
  function isEntry(form) {
    return !form.get("find");
  }

  outbox.entry = {
    VERSION, newUuid, make, isEntry, contentOf, summary, asText, people,
    kindOf: (path) => KINDS[path],
    pathOf: (kind) => Object.keys(KINDS).find((path) => KINDS[path] === kind),
  };
})();
