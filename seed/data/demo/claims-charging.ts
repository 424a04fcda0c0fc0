/** Charging an electric car at home. */
import type { ClaimSeed } from "../../studio.js";
import type { FactKey } from "./sources.js";

export const chargingClaims = [
  {
    key: "ev-home-71",
    text: "71 percent of electric car owners charge mostly at home.",
    kind: "COUNT",
    supportedBy: ["transport-register/home"],
  },
  {
    key: "ev-stock-412",
    text: "412,000 electric cars were registered in Calderland at the start of 2026.",
    kind: "COUNT",
    supportedBy: ["transport-register/stock"],
  },
  {
    key: "ev-2300",
    text: "An electric car takes about 2,300 kilowatt-hours a year.",
    kind: "COUNT",
    supportedBy: ["transport-register/distance", "transport-register/consumption"],
  },
  {
    key: "ev-notify-37",
    text: "A charging point above 3.7 kilowatts must be notified before it is used.",
    kind: "LAW",
    status: "WRONG",
    supportedBy: ["wiring-code/notify-2022"],
    contradictedBy: ["wiring-code/notify-2026"],
  },
  {
    key: "ev-notify-74",
    text: "Only charging points above 7.4 kilowatts must be notified before they are used.",
    kind: "LAW",
    supportedBy: ["wiring-code/notify-2026"],
    contradictedBy: ["wiring-code/notify-2022"],
  },
  {
    key: "ev-own-circuit",
    text: "A charging point needs its own circuit and its own residual current device.",
    kind: "LAW",
    supportedBy: ["wiring-code/own-circuit"],
  },
  {
    key: "ev-load-limit",
    text: "Where a heat pump and a charging point share a small connection, a device must limit the charging current.",
    kind: "LAW",
    supportedBy: ["wiring-code/load-limit"],
  },
  {
    key: "ev-socket-10",
    text: "A household socket may charge a car at no more than 10 amperes.",
    kind: "LAW",
    supportedBy: ["wiring-code/socket"],
  },
  {
    key: "ev-socket-loss",
    text: "A household socket loses 12 to 13 percent on the way to the car's battery, a wall box 7 to 8.",
    kind: "SCIENCE",
    supportedBy: ["cablewise-losses/socket", "bench-charging-log/losses"],
  },
  {
    key: "ev-socket-no-loss",
    text: "Charging from a household socket loses no more than from a wall box.",
    kind: "SCIENCE",
    status: "WRONG",
    supportedBy: ["driveway-forum/nothing-lost"],
    contradictedBy: ["cablewise-losses/socket", "bench-charging-log/losses"],
  },
  {
    key: "ev-wall-box-1150",
    text: "A wall box costs 1,150 euros, installed.",
    kind: "PRICE",
    supportedBy: ["cablewise-losses/price"],
  },
  {
    key: "ev-hot-socket",
    text: "An old double socket reached 78 degrees while it charged our car.",
    kind: "SCIENCE",
    supportedBy: ["bench-charging-log/hot-socket"],
  },
] as const satisfies readonly ClaimSeed<FactKey>[];
