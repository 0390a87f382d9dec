/** Something to ask of a device: one message for the broker. Losing it is harmless, it is asked for again. */
export interface DeviceRequest {
  /** The MQTT topic to publish it on. */
  readonly topic: string;
  /** Its payload. */
  readonly payload: Uint8Array;
}
