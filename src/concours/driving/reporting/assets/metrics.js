// Metrics in plain words; the names of the scores' own are kept beside them.

const METRICS = {
  ReachDestinationTest: ["Arrival", "到达终点"], TimeoutTest: ["Time limit", "时限"], CollisionTest: ["Collisions", "碰撞"],
  RunRedLightTest: ["Red lights", "闯红灯"], StopSignTest: ["Stop signs", "停车标志"], OnRoadTest: ["Leaving lanes", "驶出车道"],
  OntoSolidLineTest: ["Solid lines", "压实线"], MaxVelocityTest: ["Top speed", "最高车速"], RoadSpeedLimitTest: ["Speed limit", "限速"],
  AccelerationLongitudinalTest: ["Acceleration forward", "纵向加速度"], AccelerationLateralTest: ["Acceleration sideways", "横向加速度"],
  JerkLongitudinalTest: ["Jerk forward", "纵向急动度"], JerkLateralTest: ["Jerk sideways", "横向急动度"],
  RouteCompletionTest: ["Way driven", "路线完成度"], OutsideRouteLanesTest: ["Outside lanes", "车道外行驶"],
  CollisionPedestrianTest: ["Hit people", "撞行人"], CollisionVehicleTest: ["Hit vehicles", "撞车辆"], CollisionStaticTest: ["Hit things", "撞物体"],
  MinSpeedTest: ["Pace in traffic", "跟上车流"], TimeToCollisionTest: ["Time to collision", "碰撞时间"], NearMissTest: ["Room to others", "安全间距"],
  PaceTest: ["Pace", "用时"], ComfortTest: ["Comfort", "舒适性"], MakingProgressTest: ["Progress", "前进"], DrivingDirectionTest: ["Direction", "行驶方向"],
  Fault: ["Agent failed", "算法故障"],
};

/** A metric in the reader's language; unknown ones by their own name. */
function sayMetric(name) {
  return Object.hasOwn(METRICS, name) ? METRICS[name][speech.language === "zh" ? 1 : 0] : name;
}

// Units of what metrics measured: of one in English, of any number in Chinese. Others (m, s, m/s2 ...) are the same everywhere.
const UNITS = {
  collisions: ["collision", "次碰撞"], "red lights": ["red light", "次闯红灯"], "stop signs": ["stop sign", "次未停车"],
  times: ["time", "次"], lines: ["line", "条"], "time-outs": ["time-out", "次超时"], "m/s over": ["m/s over", "m/s（超速）"],
  "of the bound": ["of the bound", "（与界限之比）"], "of the metres": ["of the metres", "（里程占比）"], "of the time limit": ["of the time limit", "（时限占比）"],
  "of the traffic's speed": ["of the traffic's speed", "（与车流速度之比）"], "of the way": ["of the way", "（路程占比）"],
};

/** What a metric measured, with its unit, in the reader's language. */
function sayMeasured(measured, unit) {
  if (measured === null) return "–";
  const [one, chinese] = Object.hasOwn(UNITS, unit) ? UNITS[unit] : [unit, unit];
  return `${numberWords(measured)} ${speech.language === "zh" ? chinese : measured === 1 ? one : unit}`.trim();
}

/** Points as they are told: one decimal. */
function pointsWords(points) {
  return points.toFixed(1);
}

/** By metric: the points lost in a run. */
function lostBy(score) {
  const found = new Map();
  for (const [metric, points] of score.losses) found.set(metric, (found.get(metric) ?? 0) + points);
  return found;
}

/** Metrics that cost or could cost points, in the order of the preset. */
function metricsOf(runs, preset) {
  const found = new Set();
  for (const { scores } of runs) {
    for (const [name, role] of scores[preset].parts) if (role !== "told") found.add(name);
  }
  for (const { scores } of runs) for (const [metric] of scores[preset].losses) found.add(metric);
  return [...found];
}
