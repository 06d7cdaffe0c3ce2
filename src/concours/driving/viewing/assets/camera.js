// What part of the world is seen. x runs to the right and y up, as on the map.

const CLOSEST = 80;
const FARTHEST = 0.02;

/** A camera; (x, y) is the middle in metres, scale in pixels a metre, drift what following makes up. */
function cameraOf() {
  return { x: 0, y: 0, scale: 4, width: 1, height: 1, driftX: 0, driftY: 0 };
}

function toScreen(camera, x, y) {
  return [
    camera.width / 2 + (x - camera.x) * camera.scale,
    camera.height / 2 - (y - camera.y) * camera.scale,
  ];
}

function toWorld(camera, px, py) {
  return [
    camera.x + (px - camera.width / 2) / camera.scale,
    camera.y - (py - camera.height / 2) / camera.scale,
  ];
}

/** The world's box that is seen: [x0, y0, x1, y1]. */
function seenBox(camera) {
  const [x0, y1] = toWorld(camera, 0, 0);
  const [x1, y0] = toWorld(camera, camera.width, camera.height);
  return [x0, y0, x1, y1];
}

/** Zooms so that what is under (px, py) stays there. */
function zoomAt(camera, factor, px, py) {
  const [x, y] = toWorld(camera, px, py);
  camera.scale = Math.min(CLOSEST, Math.max(FARTHEST, camera.scale * factor));
  const [nowX, nowY] = toWorld(camera, px, py);
  camera.x += x - nowX;
  camera.y += y - nowY;
}

function panBy(camera, dx, dy) {
  camera.x -= dx / camera.scale;
  camera.y += dy / camera.scale;
}

/** Shows a box with some room around it. */
function fitTo(camera, [x0, y0, x1, y1]) {
  camera.x = (x0 + x1) / 2;
  camera.y = (y0 + y1) / 2;
  const room = Math.min(camera.width / (x1 - x0 + 30), camera.height / (y1 - y0 + 30));
  camera.scale = Math.min(12, Math.max(FARTHEST, room));
}

/** Keeps a place in the middle; after a change of whom it follows the way there takes a moment. */
function followTo(camera, x, y, seconds) {
  const rest = Math.exp(-9 * seconds);
  camera.driftX *= rest;
  camera.driftY *= rest;
  if (Math.hypot(camera.driftX, camera.driftY) * camera.scale < 0.5) {
    camera.driftX = 0;
    camera.driftY = 0;
  }
  camera.x = x + camera.driftX;
  camera.y = y + camera.driftY;
}

/** 1, 2 or 5 times a power of ten, not below. */
function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= value * 0.9999);
}

/** 1, 2 or 5 times a power of ten, not above. */
function roundBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((factor) => factor * power).find((each) => each <= value * 1.0001);
}
