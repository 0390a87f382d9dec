/**
 * Telling people: webhook, e-mail, syslog, MQTT, log, one file a channel behind one interface, and the queue before them.
 *
 * In: alert events of durable records; the notifiers by name; what a checkpoint holds as pending. Out: attempts
 * through the notifiers; every decision as a `NotifyEvent`; the pending notifications for the checkpoint.
 *
 * Promises: at least once under a stable key while there is room; per notifier and alert only the latest state;
 * a slow or broken notifier holds no other and is never fatal; bounded; no secret in any text.
 * @module
 */
export { emailNotifier, type EmailOptions } from "./email.ts";
export type { MailHeads } from "./email_message.ts";
export type { NotifierStatus } from "./lane.ts";
export { logNotifier } from "./log.ts";
export { mqttNotifier, type MqttOptions, type MqttPorts } from "./mqtt.ts";
export { delaySeconds, type Notification, notificationId, notificationJson } from "./notification.ts";
export type { Notifier, SendResult } from "./notifier.ts";
export type { NotifyAbout, NotifyEvent } from "./notify_event.ts";
export { type NotifyOptions, NotifyQueue, type PendingNotifications } from "./queue.ts";
export type { SmtpServer } from "./smtp.ts";
export { syslogNotifier, type SyslogOptions } from "./syslog.ts";
export type { SyslogTls } from "./syslog_socket.ts";
export { webhookSignature } from "./signature.ts";
export { webhookNotifier, type WebhookOptions, type WebhookPorts } from "./webhook.ts";
