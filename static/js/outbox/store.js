// What waits on this phone, in IndexedDB. Pages and the worker share this file; nothing of it leaves the phone
// but by send.js.
(() => {
  const NAME = "cho-gui";
  const VERSION = 1;
  const ROOM = "entries";
  const outbox = self.outbox = self.outbox || {};
  const channel = self.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const listeners = new Set();
  let opening = null;

  function open() {
    opening = opening || connect(VERSION).catch((error) => {
      opening = null;
      // A newer page of another tab was here: what it made can be read all the same.
      if (error && error.name === "VersionError") return connect();
      throw error;
    });
    return opening;
  }

  function connect(version) {
    return new Promise((resolve, reject) => {
      // In some private windows even to ask is an error.
      const asked = indexedDB.open(NAME, version);
      asked.onupgradeneeded = (event) => {
        // Each step only adds: what an older version of the app left waiting stays.
        if (event.oldVersion < 1) asked.result.createObjectStore(ROOM, { keyPath: "uuid" });
      };
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const base = asked.result;
        // A newer page wants to add a room: let it, and come back after it.
        base.onversionchange = () => { base.close(); opening = null; };
        base.onclose = () => { opening = null; };
        resolve(base);
      };
    });
  }

  async function run(mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      // Strict: an entry is kept only when it would survive the battery running out.
      const work = base.transaction(ROOM, mode, { durability: "strict" });
      let result;
      work.oncomplete = () => resolve(result);
      work.onabort = () => reject(work.error || new Error("aborted"));
      act(work.objectStore(ROOM), (value) => { result = value; });
    });
  }

  async function write(act) {
    const result = await run("readwrite", act);
    if (channel) channel.postMessage("changed");
    tell();
    return result;
  }

  function tell() {
    for (const listener of listeners) listener();
  }
  if (channel) channel.onmessage = tell;

  outbox.store = {
    ready: () => open().then(() => true, () => false),
    all: () => run("readonly", (room, give) => {
      room.getAll().onsuccess = (event) => {
        give(event.target.result.sort((a, b) => a.order - b.order || (a.uuid < b.uuid ? -1 : 1)));
      };
    }),
    get: (uuid) => run("readonly", (room, give) => {
      room.get(uuid).onsuccess = (event) => give(event.target.result);
    }),
    put: (entry) => write((room) => { room.put(entry); }),
    // Read and written in one go, so that two tabs do not undo each other. `mend` returns the entries to keep
    // in place of the old one; none deletes it; undefined leaves it as it is.
    change: (uuid, mend) => write((room, give) => {
      room.get(uuid).onsuccess = (event) => {
        const before = event.target.result;
        const after = before && mend(before);
        if (!after) return;
        if (!after.some((entry) => entry.uuid === uuid)) room.delete(uuid);
        for (const entry of after) room.put(entry);
        give(true);
      };
    }),
    remove: (uuid) => write((room) => { room.delete(uuid); }),
    watch: (listener) => { listeners.add(listener); },
  };
})();
