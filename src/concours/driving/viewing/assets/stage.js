// The canvas with the scene, and what fingers and mice do to it.

/** Draws the scene of now. */
function drawStage(app) {
  const { pen, camera, look, ground, model } = app;
  pen.setTransform(app.density, 0, 0, app.density, 0, 0);
  pen.fillStyle = look.map.ground;
  pen.fillRect(0, 0, camera.width, camera.height);
  if (ground) drawGround(pen, camera, ground, look);
  else drawGrid(pen, camera, look);
  const present = presentOf(app);
  for (const { track, color } of present) drawTrail(pen, camera, model, track, app.time, color);
  if (ground) drawLights(pen, camera, ground, app.changes, app.time, look);
  for (const each of [...present].reverse()) {
    drawBox(pen, each.track, each.box, each.color, each, look);
  }
  drawLabels(app, present);
  drawScale(pen, camera, look);
}

/** Who is in the scene now, the first to be named first. */
function presentOf(app) {
  const { model, camera, look } = app;
  const hit = touchedAt(model.data.touches, app.time);
  const found = [];
  for (const number of model.order) {
    const track = model.tracks[number];
    const state = stateAt(model, track, app.time);
    if (!state) continue;
    const box = boxOf(camera, track, state);
    found.push({ number, track, state, box, color: colorOf(model, number, look), chosen: number === app.selected, hit: hit.has(number) });
  }
  return found.sort((one, two) => Number(two.chosen) - Number(one.chosen));
}

/** Actors that have begun to touch in the second before. */
function touchedAt(touches, time) {
  const found = new Set();
  for (const [since, first, second] of touches) {
    if (since <= time + 1e-9 && time - since < 1) found.add(first).add(second);
  }
  return found;
}

function drawLabels(app, present) {
  const taken = present.map(({ box }) => boundsOf(box));
  for (const { track, state, box, color, chosen } of present) {
    if (!isSeen(app.camera, box)) continue;
    const label = { name: track.name, speed: app.speedWords(state.speed), px: box.px, py: box.py, reach: reachOf(box), color, chosen };
    drawLabel(app.pen, label, taken, app.look);
  }
}

/** How far a turned box reaches from its middle, to the right and down (pixels). */
function reachOf({ a, b, heading }) {
  const [cos, sin] = [Math.abs(Math.cos(heading)), Math.abs(Math.sin(heading))];
  return [a * cos + b * sin, a * sin + b * cos];
}

function boundsOf(box) {
  const [right, down] = reachOf(box);
  return [box.px - right, box.py - down, box.px + right, box.py + down];
}

function isSeen(camera, { px, py }) {
  return px > -40 && py > -40 && px < camera.width + 40 && py < camera.height + 40;
}

/** The entity under a point of the canvas; -1 where there is none. */
function actorAt(app, px, py) {
  let nearest = -1;
  let least = 16;
  for (const { number, box } of presentOf(app)) {
    const away = Math.hypot(px - box.px, py - box.py) - Math.max(box.a, 8);
    if (away < least) [nearest, least] = [number, away];
  }
  return nearest;
}

/** Fits the canvas to its place; returns whether it has changed. */
function resizeStage(app) {
  const { canvas, camera } = app;
  const width = Math.max(1, canvas.clientWidth);
  const height = Math.max(1, canvas.clientHeight);
  app.density = Math.min(3, window.devicePixelRatio || 1);
  canvas.width = Math.round(width * app.density);
  canvas.height = Math.round(height * app.density);
  camera.width = width;
  camera.height = height;
}

/** Drag, wheel, pinch and click. */
function listenToStage(app) {
  const { canvas } = app;
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(canvas, event));
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = placeOf(canvas, event);
    if (!fingers.has(event.pointerId)) return hover(app, here);
    const before = fingers.get(event.pointerId);
    moved += Math.hypot(here[0] - before[0], here[1] - before[1]);
    if (fingers.size === 2) pinch(app, fingers, event.pointerId, here);
    else if (moved > 4) dragStage(app, before, here);
    fingers.set(event.pointerId, here);
  });
  const leave = (event) => fingers.delete(event.pointerId);
  canvas.addEventListener("pointercancel", leave);
  canvas.addEventListener("pointerup", (event) => {
    if (fingers.size === 1 && moved <= 4) clickStage(app, placeOf(canvas, event));
    leave(event);
    canvas.classList.remove("dragging");
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const amount = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    zoomStage(app, Math.exp(-Math.max(-120, Math.min(120, amount)) * 0.0022), placeOf(canvas, event));
  }, { passive: false });
}

function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function hover(app, [px, py]) {
  app.canvas.classList.toggle("pointing", actorAt(app, px, py) >= 0);
}

function clickStage(app, [px, py]) {
  const number = actorAt(app, px, py);
  if (number >= 0) app.select(number, true);
}

function dragStage(app, before, here) {
  app.canvas.classList.add("dragging");
  panStage(app, here[0] - before[0], here[1] - before[1]);
}

/** Moves the view by pixels; whoever looks elsewhere no longer follows. */
function panStage(app, dx, dy) {
  if (app.following) app.follow(false);
  panBy(app.camera, dx, dy);
  app.draw();
}

/** Zooms around a point, or around whom the view follows. */
function zoomStage(app, factor, place) {
  const { camera } = app;
  const [px, py] = place && !app.following ? place : [camera.width / 2, camera.height / 2];
  zoomAt(camera, factor, px, py);
  app.draw();
}

function pinch(app, fingers, moving, here) {
  const other = [...fingers].find(([id]) => id !== moving)[1];
  const before = fingers.get(moving);
  const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
  const now = Math.hypot(here[0] - other[0], here[1] - other[1]);
  if (was > 0 && now > 0) zoomStage(app, now / was, [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2]);
}
