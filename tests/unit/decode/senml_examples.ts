import { NOW } from "./limits.ts";

const OW = "urn:dev:ow:10e2073a01080063";

/** A time since 1970 as the other tests write it: ms since the receipt. */
export function at(seconds: number): string {
  return String(Math.round(seconds * 1_000) - NOW);
}

/** The examples of RFC 8428 §5.1, in their order, and what they mean here. */
export const EXAMPLES: readonly [string, string, [unknown, string][]][] = [
  ["5.1.1, a single datapoint", `[{"n":"${OW}","u":"Cel","v":23.1}]`, [[{ [OW]: 23.1 }, "now"]]],
  [
    "5.1.2, voltage and current now",
    `[{"bn":"${OW}:","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]`,
    [[{ voltage: 120.1, current: 1.2 }, "now"]],
  ],
  [
    "5.1.2, the current of the last seconds",
    `[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
      {"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","t":-3,"v":1.4},
      {"n":"current","t":-2,"v":1.5},{"n":"current","t":-1,"v":1.6},{"n":"current","v":1.7}]`,
    [
      [{ current: 1.2 }, at(1276020071.001)],
      [{ current: 1.3 }, at(1276020072.001)],
      [{ current: 1.4 }, at(1276020073.001)],
      [{ current: 1.5 }, at(1276020074.001)],
      [{ current: 1.6 }, at(1276020075.001)],
      [{ voltage: 120.1, current: 1.7 }, at(1276020076.001)],
    ],
  ],
  [
    "5.1.2, a stream",
    `[{"bn":"${OW}","bt":1.320067464e+09,"bu":"%RH","v":21.2},{"t":10,"v":21.3},{"t":20,"v":21.4}]`,
    [[{ [OW]: 21.2 }, at(1320067464)], [{ [OW]: 21.3 }, at(1320067474)], [{ [OW]: 21.4 }, at(1320067484)]],
  ],
  [
    "5.1.3, humidity and position under one name",
    `[{"bn":"${OW}","bt":1.320067464e+09,"bu":"%RH","v":20},{"u":"lon","v":24.30621},{"u":"lat","v":60.07965},
      {"t":60,"v":20.3},{"u":"lon","t":60,"v":24.30622},{"u":"lat","t":60,"v":60.07965},
      {"t":120,"v":20.7},{"u":"lon","t":120,"v":24.30623},{"u":"lat","t":120,"v":60.07966},
      {"u":"%EL","t":150,"v":98},
      {"t":180,"v":21.2},{"u":"lon","t":180,"v":24.30628},{"u":"lat","t":180,"v":60.07967}]`,
    [
      [{ [OW]: 20, [`${OW}#lon`]: 24.30621, [`${OW}#lat`]: 60.07965 }, at(1320067464)],
      [{ [OW]: 20.3, [`${OW}#lon`]: 24.30622, [`${OW}#lat`]: 60.07965 }, at(1320067524)],
      [{ [OW]: 20.7, [`${OW}#lon`]: 24.30623, [`${OW}#lat`]: 60.07966 }, at(1320067584)],
      [{ [`${OW}#%EL`]: 98 }, at(1320067614)],
      [{ [OW]: 21.2, [`${OW}#lon`]: 24.30628, [`${OW}#lat`]: 60.07967 }, at(1320067644)],
    ],
  ],
  [
    "5.1.4, resolved records",
    `[{"n":"${OW}","u":"%RH","t":1.320067464e+09,"v":20},{"n":"${OW}","u":"lon","t":1.320067464e+09,"v":24.30621},
      {"n":"${OW}","u":"%RH","t":1.320067524e+09,"v":20.3}]`,
    [[{ [OW]: 20, [`${OW}#lon`]: 24.30621 }, at(1320067464)], [{ [OW]: 20.3 }, at(1320067524)]],
  ],
  [
    "5.1.5, different data types",
    `[{"bn":"${OW}:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},
      {"n":"nfc-reader","vd":"aGkgCg"}]`,
    [[{ temp: 23.1, label: "Machine Room", open: false, "nfc-reader": "aGkgCg" }, "now"]],
  ],
  [
    "5.1.6, what a device collected from others",
    `[{"bn":"2001:db8::2/","bt":1.320078429e+09,"n":"temperature","u":"Cel","v":25.2},{"n":"humidity","u":"%RH","v":30},
      {"bn":"2001:db8::1/","n":"temperature","u":"Cel","v":12.3},{"n":"humidity","u":"%RH","v":67}]`,
    [[
      { temperature: 25.2, humidity: 30, "2001:db8::1/temperature": 12.3, "2001:db8::1/humidity": 67 },
      at(1320078429),
    ]],
  ],
  [
    "5.1.7, a base name in a record of its own",
    `[{"bn":"${OW}:"},{"n":"temp","u":"Cel","v":23.1},{"n":"heat","u":"/","v":1},{"n":"fan","u":"/","v":0}]`,
    [[{ temp: 23.1, heat: 1, fan: 0 }, "now"]],
  ],
  [
    "5.1.7, two lights at one time",
    `[{"bt":1.320078429e+09,"bu":"/","n":"2001:db8::3","v":1},{"n":"2001:db8::4","v":1}]`,
    [[{ "2001:db8::3": 1, "2001:db8::4": 1 }, at(1320078429)]],
  ],
  [
    "5.1.7, two lights now and 100 ms later",
    `[{"bt":1.320078429e+09,"bu":"/","n":"2001:db8::3","v":0.5},{"n":"2001:db8::4","v":0.5},
      {"n":"2001:db8::3","t":0.1,"v":0},{"n":"2001:db8::4","t":0.1,"v":0}]`,
    [
      [{ "2001:db8::3": 0.5, "2001:db8::4": 0.5 }, at(1320078429)],
      [{ "2001:db8::3": 0, "2001:db8::4": 0 }, at(1320078429.1)],
    ],
  ],
];
