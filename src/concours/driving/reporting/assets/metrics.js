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
