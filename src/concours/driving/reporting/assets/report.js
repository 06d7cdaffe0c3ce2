// The report: an overview of the runs, and the one that is open in the replay's parts.

const ALWAYS = new Set(["u", "t", "l", "?"]);

class Report extends Replay {
  constructor(report) {
    super(report);
    this.report = report;
    this.preset = report.preset;
    this.sort = { by: "scenario", down: false };
    this.run = null;
    this.jumped = null;
  }

  makePlots() {
    return makeCurves(this);
  }

  paintPlots() {
    if (!this.curves) return;
    if (this.stale) for (const plot of this.plots) redrawCurve(this, plot);
    for (const plot of this.plots) paintCurve(this, plot);
  }

  /** The first view, by the address. */
  show() {
    buildPresets(this);
    window.addEventListener("hashchange", () => this.route());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.run && !byId("help-dialog").open) location.hash = "";
    });
    this.route();
  }

  route() {
    const number = Number(/^#run-(\d+)$/.exec(location.hash)?.[1] ?? -1);
    if (this.report.runs[number]) this.open(number);
    else this.close();
  }

  open(number) {
    this.number = number;
    this.run = this.report.runs[number];
    this.load({ ...this.run.replay, map: this.report.maps[this.run.map] ?? null });
    this.curves = curvesOf(this.run.curves);
    this.turn("run");
    super.show();
    this.replot();
    window.scrollTo(0, 0);
    byId("name").focus({ preventScroll: true });
  }

  /** Shows the overview or the run. */
  turn(to) {
    byId("overview").hidden = to === "run";
    byId("run").hidden = to !== "run";
    byId("unit").hidden = to !== "run";
  }

  close() {
    const before = this.run ? this.number : -1;
    this.run = null;
    this.model = null;
    this.playing = false;
    this.turn("overview");
    this.speak();
    if (before >= 0) byId(`row-${before}`)?.focus();
  }

  speak() {
    if (this.run) super.speak();
    else sayPage();
    buildOverview(this);
    this.judge();
    const name = this.report.agent || say("someAgent");
    document.title = this.run ? `${this.run.name} · ${name}` : `${name} · ${say("report")}`;
  }

  tell() {
    setText(byId("name"), this.run.name);
    buildRunFacts(this.run);
  }

  takes(key) {
    return Boolean(this.run) || ALWAYS.has(key);
  }

  /** What depends on the preset in the run's view. */
  judge() {
    if (!this.run) return;
    this.losses = lossesOf(this.run, this.preset);
    this.lossTimes = [...new Set(this.losses.map(({ time }) => time).filter((time) => time !== null))];
    this.jumped = null;
    buildControls(this);
    markLosses(this);
    buildRun(this);
  }

  judgeBy(preset) {
    this.preset = preset;
    buildOverview(this);
    this.judge();
    this.replot();
  }

  sortBy(by) {
    const again = this.sort.by === by;
    this.sort = { by, down: again ? !this.sort.down : by === "seconds" };
    buildTable(this);
  }

  /** Goes to a loss: its time, its place. */
  jump(loss) {
    this.playing = false;
    this.jumped = loss.number;
    for (const each of document.querySelectorAll(".loss")) each.setAttribute("aria-pressed", String(Number(each.dataset.number) === loss.number));
    this.seek(loss.time);
    this.select(this.model.data.ego, true);
    this.canvas.scrollIntoView({ block: "nearest" });
    this.announce(say("lossAt", `−${pointsWords(loss.points)}`, sayMetric(loss.metric), shortReason(loss.words)));
  }

  draw() {
    if (this.run) super.draw();
  }

  relay() {
    if (this.run) super.relay();
  }

  redress(forced) {
    this.dress(forced);
    if (!this.run) return;
    this.replot();
    if (forced) this.paint();
  }

  paint() {
    if (!this.run) return;
    super.paint();
    drawLosses(this);
  }
}

new Report(JSON.parse(byId("data").textContent)).begin();
