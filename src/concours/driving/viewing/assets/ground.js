// The map, or a grid where there is none.

const STOP_WIDTH = 0.4;

/** The map with its outlines as paths. */
function groundOf(map) {
  if (!map) return null;
  return { ...map, layers: map.layers.map((layer) => ({ ...layer, path: pathOf(layer) })), lamps: spread(map.lamps) };
}

/** Lights on one pole, [signal, x, y, place]: the others stand beside the first. */
function spread(lamps) {
  const poles = new Map();
  return lamps.map(([signal, x, y]) => {
    const pole = `${Math.round(x)} ${Math.round(y)}`;
    const place = poles.get(pole) ?? 0;
    poles.set(pole, place + 1);
    return [signal, x, y, place];
  });
}

function pathOf(layer) {
  const outlines = packedLength(layer.counts);
  const counts = unpack(layer.counts, { count: outlines, order: 1, type: Int32Array });
  const count = counts.reduce((sum, each) => sum + each, 0);
  const x = unpack(layer.x, { count, order: 1, perUnit: 100 });
  const y = unpack(layer.y, { count, order: 1, perUnit: 100 });
  const path = new Path2D();
  const closed = layer.width === 0;
  let at = 0;
  for (const size of counts) {
    path.moveTo(x[at], y[at]);
    for (let i = 1; i < size; i++) path.lineTo(x[at + i], y[at + i]);
    if (closed) path.closePath();
    at += size;
  }
  return path;
}

/** Draws all that is seen of the map. */
function drawGround(pen, camera, ground, look) {
  const seen = seenBox(camera);
  pen.save();
  pen.translate(camera.width / 2 - camera.x * camera.scale, camera.height / 2 + camera.y * camera.scale);
  pen.scale(camera.scale, -camera.scale);
  pen.lineJoin = "round";
  for (const layer of ground.layers) {
    if (overlaps(layer.box, seen)) drawLayer(pen, layer, camera, look.map[layer.kind]);
  }
  pen.restore();
}

function overlaps(one, two) {
  return one[0] <= two[2] && two[0] <= one[2] && one[1] <= two[3] && two[1] <= one[3];
}

function drawLayer(pen, layer, camera, color) {
  if (layer.width === 0) {
    pen.fillStyle = color;
    pen.strokeStyle = color;
    pen.lineWidth = 0.7 / camera.scale; // covers the seams between tiles
    pen.fill(layer.path);
    pen.stroke(layer.path);
    return;
  }
  if (camera.scale < 0.7) return;
  pen.strokeStyle = color;
  pen.globalAlpha = Math.min(1, camera.scale / 2);
  pen.lineWidth = Math.max(layer.width, 0.7 / camera.scale);
  pen.setLineDash(layer.dashed ? [3, 4] : []);
  pen.stroke(layer.path);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** Stop lines take the colour of their light; lights that the run never sets are small. */
function drawLights(pen, camera, ground, changes, time, look) {
  if (camera.scale > 0.7) drawStops(pen, camera, ground, changes, time, look);
  const size = Math.max(3.5, Math.min(9, 0.9 * camera.scale));
  for (const [signal, x, y, place] of ground.lamps) {
    const [left, py] = toScreen(camera, x, y);
    const px = left + place * (2 * size + 4);
    if (changes.has(signal)) {
      disc(pen, px, py, size + 2, look.lampCase);
      disc(pen, px, py, size, look.aspects[aspectAt(changes, signal, time)]);
    } else if (camera.scale > 1) {
      disc(pen, px, py, size / 2, look.aspects.off);
    }
  }
}

function disc(pen, px, py, radius, color) {
  pen.beginPath();
  pen.arc(px, py, radius, 0, TAU);
  pen.fillStyle = color;
  pen.fill();
}

function drawStops(pen, camera, ground, changes, time, look) {
  pen.lineWidth = Math.max(1.5, STOP_WIDTH * camera.scale);
  for (const [x0, y0, x1, y1, signals] of ground.stops) {
    const shown = signals.map((signal) => aspectAt(changes, signal, time)).find((aspect) => aspect !== "off");
    pen.strokeStyle = shown ? look.aspects[shown] : look.map.mark;
    pen.beginPath();
    pen.moveTo(...toScreen(camera, x0, y0));
    pen.lineTo(...toScreen(camera, x1, y1));
    pen.stroke();
  }
}

/** Lines every so many metres, so that motion is seen where there is no map. */
function drawGrid(pen, camera, look) {
  const step = roundBelow(90 / camera.scale);
  const [x0, y0, x1, y1] = seenBox(camera);
  for (const [each, bold] of [[step, false], [step * 5, true]]) {
    pen.strokeStyle = bold ? look.gridBold : look.grid;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let x = Math.ceil(x0 / each) * each; x <= x1; x += each) {
      const px = Math.round(toScreen(camera, x, 0)[0]) + 0.5;
      pen.moveTo(px, 0);
      pen.lineTo(px, camera.height);
    }
    for (let y = Math.ceil(y0 / each) * each; y <= y1; y += each) {
      const py = Math.round(toScreen(camera, 0, y)[1]) + 0.5;
      pen.moveTo(0, py);
      pen.lineTo(camera.width, py);
    }
    pen.stroke();
  }
}

/** How long a metre is, at the lower left. */
function drawScale(pen, camera, look) {
  const metres = roundBelow(110 / camera.scale);
  const length = metres * camera.scale;
  const y = camera.height - 16;
  pen.lineWidth = 4;
  pen.strokeStyle = look.halo;
  pen.beginPath();
  pen.moveTo(16, y - 6);
  pen.lineTo(16, y);
  pen.lineTo(16 + length, y);
  pen.lineTo(16 + length, y - 6);
  pen.stroke();
  pen.lineWidth = 1.5;
  pen.strokeStyle = look.map.text;
  pen.stroke();
  const words = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  drawWords(pen, words, 16 + length + 8, y - 4, look, look.map.text);
}

/** Text with a halo that keeps it apart from what is under it. */
function drawWords(pen, words, x, y, look, color) {
  pen.font = look.fontSmall;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = look.halo;
  pen.strokeText(words, x, y);
  pen.fillStyle = color;
  pen.fillText(words, x, y);
}
