INSERT INTO tts_workers (
    name, instance, host, boot_id, pid_namespace, pid, started, version, slots, registered_at, heartbeat_at
)
VALUES (:name, :instance, :host, :boot_id, :pid_namespace, :pid, :started, :version, :slots, :now, :now)
ON CONFLICT (name) DO NOTHING
