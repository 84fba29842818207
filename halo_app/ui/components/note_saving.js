// Keeps what is typed: a moment after the last key, when the window is left, and again while the server is away.
const PAUSE_MS = 700;
const AGAIN_MS = 2500;
const LOOK_MS = 8000;
const KEEPALIVE_CHARS = 60000;

async function asked(address, body, keepalive = false) {
  const options = body === undefined ? { cache: "no-store" } : { method: "POST", body: JSON.stringify(body), keepalive };
  const answer = await fetch(address, options);
  const said = await answer.json().catch(() => ({ message: "HALO did not answer as expected" }));
  return { ok: answer.ok, status: answer.status, said };
}

// One note that is being written. `told` hears { state, ...}: "saved", "saving", "away", "refused", "elsewhere", "gone".
class Saving {
  constructor(note, told, alive) {
    this.id = note.id;
    this.revision = note.revision;
    this.kept = { title: note.title, text: note.text };
    this.now = { ...this.kept };
    this.told = told;
    this.alive = alive;
    this.stuck = false;
    this.timer = 0;
    this.busy = null;
    this.stopped = false;
    this.conflict = false;
    this.looking = setInterval(() => this.look(), LOOK_MS);
  }

  get dirty() { return this.now.title !== this.kept.title || this.now.text !== this.kept.text; }

  typed(title, text) {
    this.now = { title, text };
    clearTimeout(this.timer);
    if (this.dirty && !this.conflict) this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  async save(keepalive = false) {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (!this.dirty || this.conflict) return;
    this.busy = this.send(keepalive);
    await this.busy;
    this.busy = null;
  }

  async send(keepalive) {
    const sent = { ...this.now };
    const small = sent.text.length < KEEPALIVE_CHARS;
    try {
      const { ok, status, said } = await asked(`/files/note/${this.id}/save`, { ...sent, base: this.revision }, keepalive && small);
      if (ok && said.elsewhere) {                       // no error of the request: the reader decides which one stays
        this.conflict = true;
        this.told({ ...said, state: "elsewhere" });
      } else if (ok) {
        this.revision = said.revision;
        this.kept = sent;
        this.stuck = false;
        this.told({ ...said, state: "saved" });
        if (this.dirty && !this.stopped) this.typed(this.now.title, this.now.text);
      } else if (status === 404) {
        this.told({ state: "gone", ...said });
      } else {
        this.told({ state: "refused", ...said });
        if (status >= 500) this.again();
      }
    } catch {
      this.told({ state: "away" });
      this.again();
    }
  }

  again() {
    this.stuck = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN_MS);
  }

  // Take what another window wrote; what was typed here is the reader's to decide about before.
  adopt(whole) {
    this.revision = whole.revision;
    this.kept = { title: whole.title, text: whole.text };
    this.now = { ...this.kept };
    this.conflict = false;
  }

  keepMine(revision) {
    this.revision = revision;
    this.conflict = false;
    return this.save();
  }

  async look() {
    if (!this.alive()) { this.stop(); return; }
    if (this.stopped || this.busy || this.conflict || document.hidden) return;
    try {
      const { ok, said } = await asked(`/files/note/${this.id}/head`);
      if (!ok || said.revision <= this.revision || this.busy) return;
      if (this.dirty) { this.save(); return; }
      const { ok: read, said: whole } = await asked(`/files/note/${this.id}`);
      if (read && !this.dirty && !this.stopped) { this.adopt(whole); this.told({ state: "newer", ...whole }); }
    } catch { /* the page says itself that the server is away */ }
  }

  stop() {
    this.save(true);
    this.stopped = true;
    clearInterval(this.looking);
  }
}
