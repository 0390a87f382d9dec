import { FAULTS, listed } from "./faults/registry.ts";

/** The options, as `--help` shows them. */
export const USAGE = `A whole site in one process: broker, devices, gateway, database; at the end a verdict.

  --devices N      how many devices publish, 1 … 10000 (50)
  --rate R         messages per second of each, at most 500 (1)
  --minutes M      how long they publish (1); or --seconds S. Their last windows may take a further minute
  --outage 20s     how long the database is away in the middle of it (0s)
  --seed N         repeats a run: see below (1)
  --start TIME     what the devices' clocks say at the beginning: 2026-03-01T08:00:00Z, or now
                   (now; with --seed 00:00 UTC of this day)
  --port P         of the dashboard (8080, or a free one where that is taken)
  --broker URL     a real broker, mqtt://host:1883, in place of the embedded one
  --influx URL     a real database in place of the embedded one: http://host:8086?db=NAME for version 1,
                   http://host:8086?org=ORG&bucket=NAME&token=TOKEN for version 2
  --data-dir DIR   an empty or new folder for configuration and data; it stays (a temporary one)
  --keep           leave the temporary folder behind; without it, it is removed at the end
  --faults LIST    what goes wrong, each with the fate that its messages must have: all, or names with commas:
                   ${listed(FAULTS, 19)}
  --record FILE    write everything that is published to a file, with its labels
  --replay FILE    publish what such a file holds, in place of devices
  --points FILE    write the points that are in the database at the end to a file, as sorted lines of JSON

The same options with the same --seed and --start publish the same messages, to the byte, and put the same points
into the database; a replay does so too. How messages of different devices fall in between one another, and what the
gateway needs for it, is not repeated: more or fewer corrections, another drain, another part of a flood that is
refused. A run that is ended early, or on a machine too slow for it, says that it was cut short.

Exit code: 0 every reading is accounted for, 1 not, 2 wrong usage.
`;
