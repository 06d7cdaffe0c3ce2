"""The enumerations of OpenSCENARIO XML 1.0 to 1.3, deprecated values included."""

from __future__ import annotations

from enum import StrEnum


class AngleType(StrEnum):
    """ASAM OpenSCENARIO AngleType."""

    HEADING = "heading"
    PITCH = "pitch"
    ROLL = "roll"


class AutomaticGearType(StrEnum):
    """ASAM OpenSCENARIO AutomaticGearType."""

    N = "n"
    P = "p"
    R = "r"
    D = "d"


class CloudState(StrEnum):
    """ASAM OpenSCENARIO CloudState."""

    CLOUDY = "cloudy"
    FREE = "free"
    OVERCAST = "overcast"
    RAINY = "rainy"
    SKY_OFF = "skyOff"


class ColorType(StrEnum):
    """ASAM OpenSCENARIO ColorType."""

    OTHER = "other"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"
    ORANGE = "orange"
    BROWN = "brown"
    BLACK = "black"
    GREY = "grey"
    WHITE = "white"


class ConditionEdge(StrEnum):
    """ASAM OpenSCENARIO ConditionEdge."""

    FALLING = "falling"
    NONE = "none"
    RISING = "rising"
    RISING_OR_FALLING = "risingOrFalling"


class ControllerType(StrEnum):
    """ASAM OpenSCENARIO ControllerType."""

    LATERAL = "lateral"
    LONGITUDINAL = "longitudinal"
    LIGHTING = "lighting"
    ANIMATION = "animation"
    MOVEMENT = "movement"
    APPEARANCE = "appearance"
    ALL = "all"


class CoordinateSystem(StrEnum):
    """ASAM OpenSCENARIO CoordinateSystem."""

    ENTITY = "entity"
    LANE = "lane"
    ROAD = "road"
    TRAJECTORY = "trajectory"
    WORLD = "world"


class DirectionalDimension(StrEnum):
    """ASAM OpenSCENARIO DirectionalDimension."""

    LONGITUDINAL = "longitudinal"
    LATERAL = "lateral"
    VERTICAL = "vertical"


class DynamicsDimension(StrEnum):
    """ASAM OpenSCENARIO DynamicsDimension."""

    DISTANCE = "distance"
    RATE = "rate"
    TIME = "time"


class DynamicsShape(StrEnum):
    """ASAM OpenSCENARIO DynamicsShape."""

    CUBIC = "cubic"
    LINEAR = "linear"
    SINUSOIDAL = "sinusoidal"
    STEP = "step"


class FollowingMode(StrEnum):
    """ASAM OpenSCENARIO FollowingMode."""

    FOLLOW = "follow"
    POSITION = "position"


class FractionalCloudCover(StrEnum):
    """ASAM OpenSCENARIO FractionalCloudCover."""

    ZERO_OKTAS = "zeroOktas"
    ONE_OKTAS = "oneOktas"
    TWO_OKTAS = "twoOktas"
    THREE_OKTAS = "threeOktas"
    FOUR_OKTAS = "fourOktas"
    FIVE_OKTAS = "fiveOktas"
    SIX_OKTAS = "sixOktas"
    SEVEN_OKTAS = "sevenOktas"
    EIGHT_OKTAS = "eightOktas"
    NINE_OKTAS = "nineOktas"


class LateralDisplacement(StrEnum):
    """ASAM OpenSCENARIO LateralDisplacement."""

    ANY = "any"
    LEFT_TO_REFERENCED_ENTITY = "leftToReferencedEntity"
    RIGHT_TO_REFERENCED_ENTITY = "rightToReferencedEntity"


class LightMode(StrEnum):
    """ASAM OpenSCENARIO LightMode."""

    ON = "on"
    OFF = "off"
    FLASHING = "flashing"


class LongitudinalDisplacement(StrEnum):
    """ASAM OpenSCENARIO LongitudinalDisplacement."""

    ANY = "any"
    TRAILING_REFERENCED_ENTITY = "trailingReferencedEntity"
    LEADING_REFERENCED_ENTITY = "leadingReferencedEntity"


class MiscObjectCategory(StrEnum):
    """ASAM OpenSCENARIO MiscObjectCategory."""

    BARRIER = "barrier"
    BUILDING = "building"
    CROSSWALK = "crosswalk"
    GANTRY = "gantry"
    NONE = "none"
    OBSTACLE = "obstacle"
    PARKING_SPACE = "parkingSpace"
    PATCH = "patch"
    POLE = "pole"
    RAILING = "railing"
    ROAD_MARK = "roadMark"
    SOUND_BARRIER = "soundBarrier"
    STREET_LAMP = "streetLamp"
    TRAFFIC_ISLAND = "trafficIsland"
    TREE = "tree"
    VEGETATION = "vegetation"
    WIND = "wind"


class ObjectType(StrEnum):
    """ASAM OpenSCENARIO ObjectType."""

    MISCELLANEOUS = "miscellaneous"
    PEDESTRIAN = "pedestrian"
    VEHICLE = "vehicle"
    EXTERNAL = "external"


class ParameterType(StrEnum):
    """ASAM OpenSCENARIO ParameterType."""

    BOOLEAN = "boolean"
    DATE_TIME = "dateTime"
    DOUBLE = "double"
    INTEGER = "integer"
    STRING = "string"
    UNSIGNED_INT = "unsignedInt"
    UNSIGNED_SHORT = "unsignedShort"
    INT = "int"


class PedestrianCategory(StrEnum):
    """ASAM OpenSCENARIO PedestrianCategory."""

    ANIMAL = "animal"
    PEDESTRIAN = "pedestrian"
    WHEELCHAIR = "wheelchair"


class PedestrianGestureType(StrEnum):
    """ASAM OpenSCENARIO PedestrianGestureType."""

    PHONE_CALL_RIGHT_HAND = "phoneCallRightHand"
    PHONE_CALL_LEFT_HAND = "phoneCallLeftHand"
    PHONE_TEXT_RIGHT_HAND = "phoneTextRightHand"
    PHONE_TEXT_LEFT_HAND = "phoneTextLeftHand"
    WAVING_RIGHT_ARM = "wavingRightArm"
    WAVING_LEFT_ARM = "wavingLeftArm"
    UMBRELLA_RIGHT_HAND = "umbrellaRightHand"
    UMBRELLA_LEFT_HAND = "umbrellaLeftHand"
    CROSS_ARMS = "crossArms"
    COFFEE_RIGHT_HAND = "coffeeRightHand"
    COFFEE_LEFT_HAND = "coffeeLeftHand"
    SANDWICH_RIGHT_HAND = "sandwichRightHand"
    SANDWICH_LEFT_HAND = "sandwichLeftHand"


class PedestrianMotionType(StrEnum):
    """ASAM OpenSCENARIO PedestrianMotionType."""

    STANDING = "standing"
    SITTING = "sitting"
    LYING = "lying"
    SQUATTING = "squatting"
    WALKING = "walking"
    RUNNING = "running"
    REELING = "reeling"
    CRAWLING = "crawling"
    CYCLING = "cycling"
    JUMPING = "jumping"
    DUCKING = "ducking"
    BENDING_DOWN = "bendingDown"


class PrecipitationType(StrEnum):
    """ASAM OpenSCENARIO PrecipitationType."""

    DRY = "dry"
    RAIN = "rain"
    SNOW = "snow"


class Priority(StrEnum):
    """ASAM OpenSCENARIO Priority."""

    OVERWRITE = "overwrite"
    OVERRIDE = "override"
    PARALLEL = "parallel"
    SKIP = "skip"


class ReferenceContext(StrEnum):
    """ASAM OpenSCENARIO ReferenceContext."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class RelativeDistanceType(StrEnum):
    """ASAM OpenSCENARIO RelativeDistanceType."""

    LATERAL = "lateral"
    LONGITUDINAL = "longitudinal"
    CARTESIAN_DISTANCE = "cartesianDistance"
    EUCLIDIAN_DISTANCE = "euclidianDistance"


class Role(StrEnum):
    """ASAM OpenSCENARIO Role."""

    NONE = "none"
    AMBULANCE = "ambulance"
    CIVIL = "civil"
    FIRE = "fire"
    MILITARY = "military"
    POLICE = "police"
    PUBLIC_TRANSPORT = "publicTransport"
    ROAD_ASSISTANCE = "roadAssistance"


class RouteStrategy(StrEnum):
    """ASAM OpenSCENARIO RouteStrategy."""

    FASTEST = "fastest"
    LEAST_INTERSECTIONS = "leastIntersections"
    RANDOM = "random"
    SHORTEST = "shortest"


class RoutingAlgorithm(StrEnum):
    """ASAM OpenSCENARIO RoutingAlgorithm."""

    ASSIGNED_ROUTE = "assignedRoute"
    FASTEST = "fastest"
    LEAST_INTERSECTIONS = "leastIntersections"
    SHORTEST = "shortest"
    UNDEFINED = "undefined"


class Rule(StrEnum):
    """ASAM OpenSCENARIO Rule."""

    EQUAL_TO = "equalTo"
    GREATER_THAN = "greaterThan"
    LESS_THAN = "lessThan"
    GREATER_OR_EQUAL = "greaterOrEqual"
    LESS_OR_EQUAL = "lessOrEqual"
    NOT_EQUAL_TO = "notEqualTo"


class SpeedTargetValueType(StrEnum):
    """ASAM OpenSCENARIO SpeedTargetValueType."""

    DELTA = "delta"
    FACTOR = "factor"


class StoryboardElementState(StrEnum):
    """ASAM OpenSCENARIO StoryboardElementState."""

    COMPLETE_STATE = "completeState"
    END_TRANSITION = "endTransition"
    RUNNING_STATE = "runningState"
    SKIP_TRANSITION = "skipTransition"
    STANDBY_STATE = "standbyState"
    START_TRANSITION = "startTransition"
    STOP_TRANSITION = "stopTransition"


class StoryboardElementType(StrEnum):
    """ASAM OpenSCENARIO StoryboardElementType."""

    ACT = "act"
    ACTION = "action"
    EVENT = "event"
    MANEUVER = "maneuver"
    MANEUVER_GROUP = "maneuverGroup"
    STORY = "story"


class TriggeringEntitiesRule(StrEnum):
    """ASAM OpenSCENARIO TriggeringEntitiesRule."""

    ALL = "all"
    ANY = "any"


class VehicleCategory(StrEnum):
    """ASAM OpenSCENARIO VehicleCategory."""

    BICYCLE = "bicycle"
    BUS = "bus"
    CAR = "car"
    MOTORBIKE = "motorbike"
    SEMITRAILER = "semitrailer"
    TRAILER = "trailer"
    TRAIN = "train"
    TRAM = "tram"
    TRUCK = "truck"
    VAN = "van"


class VehicleComponentType(StrEnum):
    """ASAM OpenSCENARIO VehicleComponentType."""

    HOOD = "hood"
    TRUNK = "trunk"
    DOOR_FRONT_RIGHT = "doorFrontRight"
    DOOR_FRONT_LEFT = "doorFrontLeft"
    DOOR_REAR_RIGHT = "doorRearRight"
    DOOR_REAR_LEFT = "doorRearLeft"
    WINDOW_FRONT_RIGHT = "windowFrontRight"
    WINDOW_FRONT_LEFT = "windowFrontLeft"
    WINDOW_REAR_RIGHT = "windowRearRight"
    WINDOW_REAR_LEFT = "windowRearLeft"
    SIDE_MIRRORS = "sideMirrors"
    SIDE_MIRROR_RIGHT = "sideMirrorRight"
    SIDE_MIRROR_LEFT = "sideMirrorLeft"


class VehicleLightType(StrEnum):
    """ASAM OpenSCENARIO VehicleLightType."""

    DAYTIME_RUNNING_LIGHTS = "daytimeRunningLights"
    LOW_BEAM = "lowBeam"
    HIGH_BEAM = "highBeam"
    FOG_LIGHTS = "fogLights"
    FOG_LIGHTS_FRONT = "fogLightsFront"
    FOG_LIGHTS_REAR = "fogLightsRear"
    BRAKE_LIGHTS = "brakeLights"
    WARNING_LIGHTS = "warningLights"
    INDICATOR_LEFT = "indicatorLeft"
    INDICATOR_RIGHT = "indicatorRight"
    REVERSING_LIGHTS = "reversingLights"
    LICENSE_PLATE_ILLUMINATION = "licensePlateIllumination"
    SPECIAL_PURPOSE_LIGHTS = "specialPurposeLights"


class Wetness(StrEnum):
    """ASAM OpenSCENARIO Wetness."""

    DRY = "dry"
    MOIST = "moist"
    WET_WITH_PUDDLES = "wetWithPuddles"
    LOW_FLOODED = "lowFlooded"
    HIGH_FLOODED = "highFlooded"
