// Every word that the page says, in both languages. "{0}" is filled in.
const WORDS = {
  en: {
    replay: "Replay", language: "中文", languageHint: "Switch to Chinese (中文)",
    duration: "Duration", ended: "Ended", entities: "Entities", rate: "Time step", collisions: "Collisions",
    endStoryboard: "Storyboard complete", endTime: "Time limit reached", endOutside: "Stopped from outside",
    play: "Play", pause: "Pause", again: "Play again", back: "One step back", forth: "One step forward", time: "Time",
    pace: "Playback speed", follow: "Follow", free: "Free view", followHint: "Follow an entity",
    zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Show the whole scene", theme: "Dark or light colours",
    help: "Keyboard and mouse", close: "Close", unitHint: "Unit of speed", unit: "km/h or m/s",
    scene: "Scene", sceneHint: "The scene from above. Arrow keys move the view, plus and minus zoom.",
    speed: "Speed", acceleration: "Acceleration", all: "All", selected: "Selected", plots: "Plots", shownInPlots: "Shown in the plots",
    absent: "not in the scene", position: "Position", heading: "Heading", height: "Height z", road: "Road", lane: "Lane",
    station: "s", offset: "Offset", size: "Size", offRoad: "off the roads", chooseOne: "Choose an entity to see where it is.",
    storyboard: "Storyboard", noBoard: "The storyboard left no record.", hidden: "{0} more elements are not shown.",
    waiting: "waiting", running: "running", end: "ended", stop: "stopped", skip: "skipped", ongoing: "still running at the end",
    signals: "Signals", findings: "What to know", never: "Triggers that never fired", notes: "Not played as written",
    noFindings: "No collisions, every trigger fired, nothing was left out.",
    startTrigger: "start", stopTrigger: "stop", touching: "{0} and {1}", seekTo: "Go to {0} s",
    noEntities: "No entity was ever in the scene.", thinned: "Every {0}th row is shown.",
    plotOf: "{0} over time, {1}", kindstoryboard: "Storyboard", kindstory: "Story", kindact: "Act", kindmaneuverGroup: "Group",
    kindmaneuver: "Maneuver", kindevent: "Event", kindaction: "Action", touches: "Collisions",
    helpPlay: "Play or pause", helpStep: "One step back or forward", helpEnds: "Start or end", helpPace: "Slower or faster",
    helpPan: "Move the view (or drag)", helpZoom: "Zoom (or wheel, or pinch)", helpFit: "Show the whole scene",
    helpFollow: "Follow the chosen entity, or stop", helpNext: "Previous or next entity", helpUnit: "km/h or m/s", helpTheme: "Dark or light",
    helpLanguage: "Language", helpHelp: "This help", helpClick: "Click an entity", helpClickDoes: "Choose and follow it",
    helpPlot: "Click a plot or the storyboard", helpPlotDoes: "Go to that time", north: "N",
  },
  zh: {
    replay: "回放", language: "English", languageHint: "切换到英文（English）",
    duration: "时长", ended: "结束方式", entities: "参与者", rate: "时间步长", collisions: "碰撞",
    endStoryboard: "故事板执行完毕", endTime: "到达时限", endOutside: "由外部停止",
    play: "播放", pause: "暂停", again: "重新播放", back: "后退一步", forth: "前进一步", time: "时间",
    pace: "播放速度", follow: "跟随", free: "自由视角", followHint: "跟随参与者",
    zoomIn: "放大", zoomOut: "缩小", fit: "显示整个场景", theme: "深色或浅色",
    help: "键盘与鼠标", close: "关闭", unitHint: "速度单位", unit: "km/h 或 m/s",
    scene: "场景", sceneHint: "场景俯视图。方向键移动视图，加号和减号缩放。",
    speed: "速度", acceleration: "加速度", all: "全部", selected: "所选", plots: "曲线", shownInPlots: "曲线中显示",
    absent: "不在场景中", position: "位置", heading: "航向", height: "高度 z", road: "道路", lane: "车道",
    station: "s", offset: "偏移", size: "尺寸", offRoad: "不在道路上", chooseOne: "选择一个参与者，查看其位置。",
    storyboard: "故事板", noBoard: "故事板没有留下记录。", hidden: "另有 {0} 个元素未显示。",
    waiting: "等待", running: "运行", end: "结束", stop: "被停止", skip: "被跳过", ongoing: "到最后仍在运行",
    signals: "信号灯", findings: "值得注意", never: "从未触发的触发器", notes: "未按原文执行",
    noFindings: "没有碰撞，所有触发器都已触发，没有遗漏。",
    startTrigger: "开始", stopTrigger: "停止", touching: "{0} 与 {1}", seekTo: "跳到 {0} 秒",
    noEntities: "场景中从未出现参与者。", thinned: "每 {0} 行显示一行。",
    plotOf: "{0}随时间变化，{1}", kindstoryboard: "故事板", kindstory: "故事", kindact: "幕", kindmaneuverGroup: "操作组",
    kindmaneuver: "操作", kindevent: "事件", kindaction: "动作", touches: "碰撞",
    helpPlay: "播放或暂停", helpStep: "后退或前进一步", helpEnds: "回到开头或跳到结尾", helpPace: "减慢或加快",
    helpPan: "移动视图（或拖动）", helpZoom: "缩放（或滚轮、双指）", helpFit: "显示整个场景",
    helpFollow: "跟随所选参与者，或停止", helpNext: "上一个或下一个参与者", helpUnit: "km/h 或 m/s", helpTheme: "深色或浅色",
    helpLanguage: "语言", helpHelp: "本帮助", helpClick: "点击参与者", helpClickDoes: "选择并跟随",
    helpPlot: "点击曲线或故事板", helpPlotDoes: "跳到该时刻", north: "北",
  },
};
const KINDS = {
  car: "轿车", van: "面包车", truck: "卡车", semitrailer: "半挂车", trailer: "挂车", bus: "公交车", motorbike: "摩托车",
  bicycle: "自行车", train: "火车", tram: "有轨电车", pedestrian: "行人", animal: "动物", wheelchair: "轮椅",
  obstacle: "障碍物", barrier: "护栏", none: "无", external: "外部",
};

const speech = { language: "en" };

/** The words of a key in the reader's language. */
function say(key, ...values) {
  const words = WORDS[speech.language][key] ?? key;
  return words.replace(/\{(\d)\}/g, (_, number) => String(values[Number(number)]));
}

/** What an entity is; kinds that have no translation stay as the file says them. */
function sayKind(kind) {
  return speech.language === "zh" && Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind;
}

/** The first language: asked for, chosen before, or the browser's. */
function firstLanguage(asked, kept) {
  if (asked) return asked;
  if (kept === "en" || kept === "zh") return kept;
  return (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
}
