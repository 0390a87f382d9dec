import type { Notification } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";

/**
 * Tells people through the gateway's own log.
 *
 * @param write writes one notification as a log line; it is `sent` when it returns
 */
export function logNotifier(write: (notification: Notification) => void): Notifier {
  return {
    kind: "log",
    send(notification): Promise<SendResult> {
      try {
        write(notification);
        return Promise.resolve({ kind: "sent" });
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        return Promise.resolve({ kind: "retry", text: `The log could not be written: ${words}` });
      }
    },
  };
}
