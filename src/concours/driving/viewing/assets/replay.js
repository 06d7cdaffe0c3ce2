// The replay of a run: its state, what changes it, and the loop that draws.

/** Colours and faces for canvases, read from the style sheet. */
function lookOf(palettes) {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const dark = document.documentElement.dataset.theme === "dark";
  const sans = read("sans");
  return {
    dark,
    map: palettes[dark ? "dark" : "light"],
    series: read("series").split(/\s+/),
    aspects: { red: read("aspect-red"), amber: read("aspect-amber"), green: read("aspect-green"), off: read("aspect-off") },
    ink: read("ink"), inkSoft: read("ink-soft"), inkFaint: read("ink-faint"), paper: read("paper-raised"),
    line: read("line"), lineStrong: read("line-strong"), bad: read("bad"), accent: read("accent"),
    label: read("label"), labelLine: read("label-line"), halo: read("halo"), grid: read("grid"), gridBold: read("grid-bold"),
    outline: read("outline"), nose: read("nose"), hit: read("hit"), chosen: read("chosen"), lampCase: read("lamp-case"),
    fontLabel: `600 12px ${sans}`, fontSmall: `11px ${sans}`,
  };
}

/** What the browser keeps for this reader; storage may be forbidden. */
const kept = {
  get(key) {
    try {
      return localStorage.getItem(`concours-replay-${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`concours-replay-${key}`, value);
    } catch {
      // It is then asked again the next time.
    }
  },
};

class Replay {
  constructor({ lang, palettes }) {
    this.palettes = palettes;
    this.canvas = byId("stage");
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.pace = 1;
    this.plotAll = true;
    this.unit = kept.get("unit") === "m/s" ? "m/s" : "km/h";
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.last = null;
    this.waiting = false;
    speech.language = firstLanguage(lang, kept.get("language"));
  }

  /** Takes up a run, from its start. */
  load(data) {
    this.model = modelOf(data);
    this.ground = groundOf(data.map);
    this.changes = changesOf(data.lights);
    this.camera = cameraOf();
    this.time = this.model.start;
    this.playing = false;
    this.selected = data.ego;
    this.following = data.ego >= 0;
  }

  begin() {
    this.plots = this.makePlots();
    listenToStage(this);
    listenToControls(this);
    listenToBoard(this);
    this.dress();
    this.show();
    new ResizeObserver(() => this.relay()).observe(document.querySelector("main"));
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.redress());
    window.addEventListener("beforeprint", () => this.redress("light"));
    window.addEventListener("afterprint", () => this.redress());
    document.documentElement.dataset.ready = "";
  }

  /** Builds what belongs to the run. */
  show() {
    buildControls(this);
    this.speak();
    resizeStage(this);
    this.frame();
  }

  makePlots() {
    listenToChoice(this);
    return [
      plotOf(this, byId("plot-speed"), { column: "speed", title: "speed", factor: () => this.factor, unit: () => this.unit }),
      plotOf(this, byId("plot-acceleration"), { column: "acceleration", title: "acceleration", factor: () => 1, unit: () => "m/s²" }),
    ];
  }

  paintPlots() {
    if (this.stale) for (const plot of this.plots) redrawPlot(this, plot);
    for (const plot of this.plots) drawPlot(this, plot);
    drawChoice(this);
    setText(byId("speed-unit"), this.unit);
  }

  get factor() {
    return this.unit === "km/h" ? 3.6 : 1;
  }

  speedWords(speed) {
    return `${signed(speed * this.factor, this.unit === "km/h" ? 0 : 1)} ${this.unit}`;
  }

  /** The first view: the whole scene if it is small, else the ego's surroundings. */
  frame() {
    const box = boxOfTracks(this.model) ?? this.ground?.bounds ?? [-50, -50, 50, 50];
    fitTo(this.camera, box);
    if (Math.max(box[2] - box[0], box[3] - box[1]) < 120) this.following = false;
    else this.camera.scale = Math.max(this.camera.scale, Math.min(6, this.camera.width / 170));
  }

  fit() {
    this.following = false;
    fitTo(this.camera, boxOfTracks(this.model) ?? this.ground?.bounds ?? [-50, -50, 50, 50]);
    this.draw();
  }

  toggle() {
    if (!this.playing && this.time >= this.model.finish) this.time = this.model.start;
    this.playing = !this.playing;
    this.last = null;
    this.announce(say(this.playing ? "pause" : "play"));
    this.draw();
  }

  seek(time) {
    this.time = Math.min(this.model.finish, Math.max(this.model.start, time));
    this.draw();
  }

  stepBy(count) {
    const { times } = this.model;
    this.playing = false;
    const row = rowAt(times, this.time);
    const onRow = row >= 0 && this.time - times[row] < 1e-6;
    const next = row + count + (count < 0 && !onRow ? 1 : 0);
    this.seek(times[Math.min(times.length - 1, Math.max(0, next))] ?? 0);
  }

  setPace(pace) {
    this.pace = pace;
    this.announce(`${pace}×`);
    this.draw();
  }

  changePace(by) {
    const next = PACES.indexOf(this.pace) + by;
    this.setPace(PACES[Math.min(PACES.length - 1, Math.max(0, next))]);
  }

  select(number, follow) {
    this.selected = number;
    this.follow(follow);
    this.replot();
  }

  selectNext(by) {
    const { order } = this.model;
    if (!order.length) return;
    const place = (order.indexOf(this.selected) + by + order.length) % order.length;
    this.select(order[place], true);
  }

  /** Begins or ends to follow the chosen one. */
  follow(wanted) {
    const track = this.model.tracks[this.selected];
    this.following = Boolean(wanted && track);
    const state = this.following ? stateAt(this.model, track, this.time) : null;
    if (state) {
      this.camera.driftX = this.calm.matches ? 0 : this.camera.x - state.x;
      this.camera.driftY = this.calm.matches ? 0 : this.camera.y - state.y;
    }
    this.announce(this.following ? `${say("follow")}: ${track.name}` : say("free"));
    this.draw();
  }

  showAll(all) {
    this.plotAll = all;
    this.replot();
  }

  changeUnit() {
    this.unit = this.unit === "km/h" ? "m/s" : "km/h";
    kept.set("unit", this.unit);
    this.replot();
  }

  changeTheme() {
    kept.set("theme", this.look.dark ? "light" : "dark");
    this.redress();
  }

  changeLanguage() {
    speech.language = speech.language === "en" ? "zh" : "en";
    kept.set("language", speech.language);
    this.speak();
    this.replot();
  }

  speak() {
    sayPage();
    byId("detail").dataset.of = "";
    this.tell();
    buildPanels(this);
    buildBoard(this);
  }

  /** What the head says of the run. */
  tell() {
    buildFacts(this);
  }

  /** Whether a key means something now. */
  takes() {
    return true;
  }

  /** Chooses the scheme: for print, as the reader chose, or as the system is. */
  dress(forced) {
    const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const chosen = kept.get("theme");
    document.documentElement.dataset.theme = forced ?? (chosen === "light" || chosen === "dark" ? chosen : system);
    this.look = lookOf(this.palettes);
  }

  redress(forced) {
    this.dress(forced);
    this.replot();
    if (forced) this.paint(); // print does not wait for a frame
  }

  relay() {
    resizeStage(this);
    this.replot();
  }

  replot() {
    this.stale = true;
    this.draw();
  }

  announce(words) {
    byId("said").textContent = words;
  }

  /** Asks for one frame. */
  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.waiting = false;
    const seconds = this.last === null ? 0 : Math.min(0.25, (now - this.last) / 1000);
    this.last = now;
    if (this.playing) {
      this.time = Math.min(this.model.finish, this.time + seconds * this.pace);
      if (this.time >= this.model.finish) this.playing = false;
    }
    const drifts = this.keepUp(seconds);
    this.paint();
    if (this.playing || drifts) this.draw();
    else this.last = null;
  }

  /** Keeps the followed one in the middle; whether the view is still on its way. */
  keepUp(seconds) {
    const track = this.following ? this.model.tracks[this.selected] : null;
    const state = track ? stateAt(this.model, track, this.time) : null;
    if (!state) return false;
    followTo(this.camera, state.x, state.y, seconds);
    return this.camera.driftX !== 0 || this.camera.driftY !== 0;
  }

  paint() {
    drawStage(this);
    this.paintPlots();
    this.stale = false;
    drawBoardCursor(this);
    drawEntities(this);
    drawControls(this);
  }
}
