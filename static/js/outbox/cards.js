// The outbox as one sees it: a card for each entry of whoever is signed in, a number for those of others.
(() => {
  const outbox = self.outbox;
  const { store, entry: words, send } = outbox;
  const list = document.querySelector("[data-outbox-list]");
  if (!list) return;
  const say = JSON.parse(list.dataset.words);
  const find = (name) => document.querySelector(`[data-${name}]`);
  const TONES = { waiting: "plain", sending: "brand", sent: "good", asks: "warn", refused: "bad" };
  // These can only be told anew, under another mark.
  const SPENT = ["changed_resend", "entry_voided"];
  let drawn = 0;

  const two = (number) => String(number).padStart(2, "0");
  const date = (when) => `${two(when.getDate())}/${two(when.getMonth() + 1)}/${when.getFullYear()}`;
  function dayOf(entry, summary) {
    if (summary.day) return summary.day.split("-").reverse().join("/");
    const made = new Date(entry.made_at);
    return `${two(made.getHours())}:${two(made.getMinutes())} ${date(made)}`;
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function button(text, kind, act) {
    const made = element("button", `button button-${kind}`, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function link(text, href, kind = "secondary") {
    const made = element("a", `button button-${kind}`, text);
    made.href = href;
    return made;
  }

  // Asks once.
  function eraser(entry) {
    const box = element("span", "actions");
    const ask = () => box.replaceChildren(
      element("span", "strong", say.erase_sure),
      button(say.erase, "bad", () => store.remove(entry.uuid)),
      button(say.keep, "quiet", rest),
    );
    const rest = () => box.replaceChildren(button(say.erase, "quiet", () => { ask(); box.querySelector("button").focus(); }));
    rest();
    return box;
  }

  function again(uuid, mend) {
    return store.change(uuid, (one) => {
      const { candidates, left, words: told, why, code, ...kept } = one;
      return [{ ...kept, ...mend(one), state: "waiting" }];
    }).then(send.now);
  }

  function radio(box, name, value, label) {
    const choice = element("label", "choice");
    const input = element("input", "");
    Object.assign(input, { type: "radio", name, value, required: true });
    choice.append(input, element("span", "", label));
    box.append(choice);
  }

  function question(legend, note) {
    const box = element("fieldset", "field");
    box.append(element("legend", "label", legend));
    if (note) box.append(element("p", "hint", note));
    const choices = element("div", "radios");
    box.append(choices);
    return [box, choices];
  }

  function asks(entry) {
    const form = element("form", "form");
    form.method = "dialog";
    if (entry.candidates) {
      const [box, choices] = question(say.same_person);
      for (const one of entry.candidates) radio(choices, "learner", one.person_id, one.label);
      radio(choices, "learner", "other", say.somebody_else);
      form.append(box);
    }
    for (const line of entry.left || []) form.append(lineOf(entry, line));
    const go = element("button", "button button-primary", say.send_again);
    form.append(go);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = new FormData(form);
      if (entry.candidates) again(entry.uuid, (one) => ({ content: { ...one.content, learner: said.get("learner") } }));
      else answerLines(entry, said);
    });
    return form;
  }

  function lineOf(entry, line) {
    const name = `row-${line.row}`;
    const why = line.reasons.map((reason) => reason.text).join(" ");
    if (line.kind === "refused") {
      const box = element("div", "field");
      const label = element("label", "label", say.mend_line);
      const input = element("input", "input");
      Object.assign(input, { id: `${entry.uuid}-${name}`, name, value: line.text });
      label.htmlFor = input.id;
      box.append(label, element("p", "hint", why), input);
      return box;
    }
    const [box, choices] = question(line.text, why);
    for (const one of line.candidates) radio(choices, name, `same ${one.person_id}`, one.label);
    radio(choices, name, "apart", say.somebody_else);
    radio(choices, name, "skip", say.leave_out);
    return box;
  }

  function answerLines(entry, said) {
    const lines = [];
    const chosen = {};
    for (const line of entry.left) {
      const answer = said.get(`row-${line.row}`) || "";
      if (line.kind === "refused") {
        if (answer.trim()) lines.push(answer);
      } else if (answer !== "skip") {
        lines.push(line.text);
        const [choice, id] = answer.split(" ");
        chosen[lines.length] = id ? { choice, person_id: Number(id) } : { choice };
      }
    }
    if (!lines.length) return store.remove(entry.uuid);
    return again(entry.uuid, (one) => ({ content: { ...one.content, lines: lines.join("\n"), chosen } }));
  }

  function ways(entry) {
    const box = element("div", "actions");
    if (entry.state === "sent") {
      if (entry.class_id) box.append(link(say.see_class, `/lop-hoc/${entry.class_id}`));
      else if (entry.kind === "one") box.append(link(say.see_act, `/luot-day/${entry.teaching_ids[0]}`));
      else if (entry.kind === "several") box.append(link(say.see_codes, `/ghi-nhan/nhieu-nguoi/${entry.uuid}`));
      return box;
    }
    if (entry.state === "sending") return box;
    if (!entry.account) {
      box.append(button(say.mine, "primary", () => again(entry.uuid, () => ({ account: outbox.who() }))));
    } else if (SPENT.includes(entry.code)) {
      box.append(button(say.as_new, "secondary", () => store.change(entry.uuid, (one) => [
        { ...one, uuid: words.newUuid(), state: "waiting", code: "", why: "" },
      ]).then(send.now)));
    } else if (entry.state !== "asks") {
      box.append(link(say.mend, `/ngoai-tuyen#sua=${entry.uuid}`));
    }
    box.append(eraser(entry));
    return box;
  }

  function card(entry) {
    const owned = Boolean(entry.account);
    const summary = words.summary(entry);
    const made = element("li", `card card-${entry.state === "refused" ? "bad" : "plain"}`);
    made.dataset.uuid = entry.uuid;
    made.dataset.state = entry.state;
    const head = element("div", "card-head");
    head.append(
      element("h2", "card-title", (owned && summary.name) || say[entry.kind]),
      element("span", `pill pill-${owned ? TONES[entry.state] : "warn"}`, owned ? say[entry.state] : say.whose),
    );
    made.append(head);
    const about = owned ? [say[entry.kind], summary.people > 1 || entry.kind !== "one" ? say.people.replace("{n}", summary.people) : ""] : [];
    made.append(element("p", "muted", [...about, dayOf(entry, summary)].filter(Boolean).join(" · ")));
    if (owned && entry.state === "refused" && entry.why) made.append(element("p", "strong", entry.why));
    if (!owned) made.append(element("p", "", say.whose_why));
    if (owned && entry.state === "asks") made.append(asks(entry));
    made.append(ways(entry));
    return made;
  }

  async function draw() {
    const turn = drawn += 1;
    let all;
    try {
      all = await store.all();
    } catch {
      find("no-store").hidden = false;
      return;
    }
    // Somebody is answering a question: nothing moves away from under the finger.
    if (turn !== drawn) return;
    const who = send.state.account === undefined ? outbox.who() : send.state.account || "";
    const shown = all.filter((one) => !one.account || (who && one.account === who));
    const others = all.filter((one) => one.account && one.account !== who && one.state !== "sent").length;
    const typed = list.contains(document.activeElement) && document.activeElement.matches("input");
    if (!typed) list.replaceChildren(...shown.reverse().map(card));
    const open = shown.filter((one) => one.account && send.open(one)).length;
    find("outbox-empty").hidden = Boolean(shown.length);
    find("send-now").hidden = !open;
    const foreign = find("outbox-others");
    foreign.hidden = !others;
    foreign.querySelector("p").textContent = (who ? say.others : say.unknown).replace("{n}", others);
    const now = send.state.now;
    find("outbox-signed-out").hidden = now !== "signed_out";
    const line = !navigator.onLine && open ? "offline" : now;
    const yours = shown.filter((one) => one.state === "asks" || one.state === "refused").length;
    const rest = yours ? say.now_yours.replace("{n}", yours) : shown.length && !open ? say.now_done : "";
    // Where a notice above says already that there is no signal, it is not said twice.
    const told = line === "offline" && find("no-signal");
    find("outbox-status").textContent = (!told && say[`now_${line}`]) || rest;
  }

  find("send-now").addEventListener("click", () => send.now());
  store.watch(draw);
  addEventListener("outbox", draw);
  addEventListener("online", draw);
  addEventListener("offline", draw);
  outbox.draw = draw;
  draw();
})();
